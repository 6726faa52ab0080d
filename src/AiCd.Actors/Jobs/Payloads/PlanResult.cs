namespace AiCd.Actors.Jobs.Payloads;

/// <summary>How the agent means to resolve the issue.</summary>
public sealed record PlanResult(
    string Summary,
    IReadOnlyList<string> Steps,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Risks,
    string TestStrategy);
