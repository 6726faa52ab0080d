using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Command;

/// <summary>What the program reads from standard input: version 1 of the contract in docs/command-agent.md.</summary>
internal sealed record CommandRequest(
    int Contract,
    string Stage,
    CommandJob Job,
    Issue Issue,
    string? Model,
    CommandPolicy Policy,
    IReadOnlyList<ReviewFeedback> Feedback,
    PlanResult? Plan = null,
    CommandChange? Change = null)
{
    public const int Version = 1;
}

internal sealed record CommandJob(string Id, string Repository, string BaseBranch, string Attempt, int AttemptNumber, int Round);

/// <param name="Tools">Names of the tools that the policy allows; null for any. It is the program's part to obey.</param>
/// <param name="Commands">The repository's own commands by name.</param>
internal sealed record CommandPolicy(
    IReadOnlyCollection<string>? Tools, IReadOnlyList<string> ProtectedPaths, IReadOnlyList<string> ReviewRules, IReadOnlyDictionary<string, string> Commands);

/// <summary>The change under review.</summary>
internal sealed record CommandChange(string CommitSha, string Summary, string Diff, IReadOnlyList<CheckRun> Checks);
