using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Actors.Runtime;

/// <summary>
/// The one way to the jobs, for the web, the command line, the stages and the forge. An engine is what stands behind it, and nothing
/// in front of it knows which.
/// </summary>
public interface IJobGateway
{
    /// <summary>Makes a job; durable when the task completes.</summary>
    Task<SubmitResult> SubmitAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Gives a job a command; its events are durable when the result says applied.</summary>
    /// <param name="contents">Content that the command's artifacts name; stored together with the events.</param>
    Task<CommandResult> SendAsync(
        JobId job, JobCommand command, IReadOnlyList<ArtifactContent>? contents = null, CancellationToken cancellationToken = default);

    /// <returns>Null where there is no such job.</returns>
    /// <exception cref="JobQuarantinedException">The job's history cannot be read.</exception>
    Task<Job?> FindAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Starts what a job owes, where recovery at the start of the node did not do so.</summary>
    /// <returns>The job as it stands, or null where there is no such job.</returns>
    /// <exception cref="JobQuarantinedException">The job's history cannot be read.</exception>
    Task<Job?> WakeAsync(JobId job, CancellationToken cancellationToken);

    /// <returns>Why the job does not move, wherever it lives; null where it runs, has ended, starts this moment, or its node does not say in time.</returns>
    /// <exception cref="JobQuarantinedException">The job's history cannot be read.</exception>
    Task<WaitingReason?> ExplainAsync(JobId job, CancellationToken cancellationToken);
}

/// <summary>A job to be made. Repository and branch were resolved, the agent is known.</summary>
/// <param name="IdempotencyKey">The same key of the same tenant always gives the same job.</param>
/// <param name="Exclusive">
/// What no other unfinished job of the tenant may be at work on: an issue, or a branch of a repository. A second job for the same
/// is not made; the submission gives the one that is at work.
/// </param>
/// <param name="By">Who asks for it.</param>
/// <param name="BudgetMicros">What the job may spend, in millionths of a US dollar.</param>
/// <param name="RequestHash">Tells whether a key comes again with the request that it came with first.</param>
/// <param name="Link">The job that this one goes on from.</param>
public sealed record NewJob(
    string Tenant,
    string Repository,
    string BaseBranch,
    string Title,
    string Body,
    string Agent,
    int Priority = 0,
    string? Url = null,
    bool RequirePlanApproval = false,
    IReadOnlyList<string>? Labels = null,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? Deadline = null,
    string? IdempotencyKey = null,
    string? Exclusive = null,
    string? By = null,
    long? BudgetMicros = null,
    string? RequestHash = null,
    NewLink? Link = null);

/// <param name="Seq">The last event of the other job that counts.</param>
/// <param name="Branch">The branch to go on with, which no other unfinished job may be at work on; null for one of its own.</param>
/// <param name="Inherited">See <see cref="Inheritance"/>.</param>
public sealed record NewLink(JobId Job, JobLinkKind Kind, int Seq, string? Branch, IReadOnlyList<JobEvent> Inherited);

/// <param name="Created">False where the idempotency key, or what is exclusive, named a job that was there already.</param>
public sealed record SubmitResult(JobId Job, bool Created)
{
    /// <summary>False where the submission is durable on its way to another node, and not in the job's history yet.</summary>
    public bool Settled { get; init; } = true;

    /// <summary>True where the idempotency key came with another request the first time: nothing was done.</summary>
    public bool OtherRequest { get; init; }

    /// <summary>Where no job was made, what the other one holds: one of <see cref="ClaimKinds"/>.</summary>
    public string? HeldBy { get; init; }
}

public abstract record CommandResult
{
    private CommandResult()
    {
    }

    /// <summary>The command's events are durable.</summary>
    /// <param name="Job">As they left it.</param>
    public sealed record Applied(Job Job) : CommandResult;

    /// <summary>Nothing was recorded.</summary>
    public sealed record Refused(Refusal Refusal) : CommandResult;

    /// <summary>The command is durable and will be handled; its outcome is not known yet.</summary>
    public sealed record Pending : CommandResult;
}

/// <summary>A job's history cannot be read: it is set aside until a person has looked at it.</summary>
public sealed class JobQuarantinedException(JobId job, string reason) : Exception($"Job {job} is quarantined: {reason}")
{
    public JobId Job { get; } = job;

    public string Reason { get; } = reason;
}
