namespace AiCd.Actors.Jobs.Payloads;

/// <summary>Why a job or an attempt failed.</summary>
/// <param name="Code">Stable and lower case, for programs: <c>agent_failed</c>, <c>timeout</c>, <c>attempts_exhausted</c> ...</param>
/// <param name="Message">For people; says what was expected and what was found.</param>
public sealed record JobFailure(Stage Stage, string Code, string Message);
