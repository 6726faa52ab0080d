using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs;

/// <summary>What SUBMITTED fixes for the whole life of a job.</summary>
/// <param name="Repository">A path or URL, as the forge normalised it.</param>
/// <param name="Branch">The branch that the job pushes: <c>aicd/&lt;job&gt;-&lt;slug&gt;</c>; a linked job inherits it.</param>
/// <param name="Body">The text; its hash is what an approval is bound to.</param>
/// <param name="Priority">Higher runs first; from -100 to 100.</param>
public sealed record Submission(
    string Tenant,
    string Repository,
    string BaseBranch,
    string Branch,
    string Title,
    ArtifactRef Body,
    string Agent,
    int Priority = 0,
    string? Url = null,
    bool RequirePlanApproval = false,
    IReadOnlyList<string>? Labels = null,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? Deadline = null);
