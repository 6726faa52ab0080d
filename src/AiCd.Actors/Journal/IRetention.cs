using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// How a store forgets. Every call is short, takes at most as much as it was asked to, and stands in the way of no append; whoever
/// has much to remove calls again.
/// </summary>
public interface IRetention
{
    /// <summary>Ended jobs of the shards that hold artifacts for longer than the limits allow, those that ended first before the others.</summary>
    Task<IReadOnlyList<JobId>> FindExpiredAsync(IReadOnlyCollection<int> shards, RetentionLimits limits, int limit, CancellationToken cancellationToken);

    /// <summary>The jobs let go of their artifacts. Content that no other job names is collected later.</summary>
    Task ReleaseAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken);

    /// <summary>Removes content that no job names and that was not put within the grace: its event may be on the way.</summary>
    /// <returns>How much was removed; less than the limit where there is no more.</returns>
    Task<int> CollectAsync(TimeSpan grace, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Removes jobs that have ended: their events, their rows in the read model, their hold on artifacts. Permanent claims stay, so that
    /// an idempotency key outlives its job. A job that has become active, or has another event than was known, is left as it is.
    /// </summary>
    /// <returns>How many were removed.</returns>
    Task<int> PruneAsync(IReadOnlyCollection<EndedJob> jobs, CancellationToken cancellationToken);

    /// <summary>Removes commands of the inbox that were handled longer ago than the age.</summary>
    /// <returns>How many; less than the limit where there are no more.</returns>
    Task<int> ForgetCommandsAsync(TimeSpan age, int limit, CancellationToken cancellationToken);
}

/// <param name="CompletedBefore">A job that completed before this moment lets go.</param>
/// <param name="MaxCompleted">So many of the jobs that completed last may hold artifacts.</param>
/// <param name="FailedBefore">A job that failed or was cancelled before this moment lets go.</param>
public readonly record struct RetentionLimits(DateTimeOffset CompletedBefore, int MaxCompleted, DateTimeOffset FailedBefore);

/// <param name="Seq">Number of its last event.</param>
public readonly record struct EndedJob(JobId Job, string Tenant, int Seq);
