using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs;

/// <summary>What SUBMITTED fixes for the whole life of a job.</summary>
/// <param name="Repository">A path or URL, as the forge normalised it.</param>
/// <param name="Branch">The branch that the job pushes: <c>aicd/&lt;job&gt;-&lt;slug&gt;</c>; a linked job inherits it.</param>
/// <param name="Body">The text; its hash is what an approval is bound to.</param>
/// <param name="Priority">Higher runs first; from -100 to 100. What it is now, the job says: it can be changed.</param>
/// <param name="By">Who asked for the job, as the way in knew them.</param>
/// <param name="BudgetMicros">What the job may spend, in millionths of a US dollar; null for no limit of its own.</param>
/// <param name="Parent">The job that this one goes on from.</param>
/// <param name="Exclusive">What no other unfinished job of the tenant may be at work on; a retry asks for the same.</param>
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
    DateTimeOffset? Deadline = null,
    string? By = null,
    long? BudgetMicros = null,
    JobLink? Parent = null,
    string? Exclusive = null);
