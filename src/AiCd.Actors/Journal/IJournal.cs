using System.Collections.Frozen;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// The events of all jobs, in one order per shard. Every engine passes the same conformance suite. Failures of the store are
/// <see cref="JournalException"/>s, translated once, in the engine.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Appends a batch in one transaction: fences every shard, moves its head, writes events, active jobs, claims and artifacts.
    /// Durable when the task completes. All of the batch or nothing of it.
    /// </summary>
    /// <exception cref="CommitUnknownException">The commit was sent and no answer came: see <see cref="SettleAsync"/>.</exception>
    Task<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Finds out what became of a batch whose commit has no known outcome, on a connection of its own: raises the epoch of the
    /// shards that this incarnation still owns and returns their heads. That waits for the unknown transaction and fences it.
    /// </summary>
    /// <returns>The shards that are still owned; one that is missing is lost.</returns>
    Task<IReadOnlyList<OwnedShard>> SettleAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken);

    /// <summary>The events of the given jobs, each job's in order of their numbers, one job after the other.</summary>
    /// <param name="after">Of a job that is in here only the events after that number.</param>
    IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken);

    /// <summary>The events of all active jobs of the given shards, in bulk: what recovery must bring back.</summary>
    /// <param name="after">Of a job that is in here only the events after that number.</param>
    IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken);

    /// <summary>The whole histories of the given jobs.</summary>
    sealed IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) =>
        ReadJobsAsync(jobs, FrozenDictionary<JobId, int>.Empty, cancellationToken);

    /// <summary>The whole histories of all active jobs of the given shards.</summary>
    sealed IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        ReadActiveAsync(shards, FrozenDictionary<JobId, int>.Empty, cancellationToken);

    /// <summary>A shard's events in commit order, after the given position.</summary>
    IAsyncEnumerable<JournalRow> ReadShardAsync(int shard, long afterShardSeq, int limit, CancellationToken cancellationToken);

    /// <returns>The job that holds the claim, or null.</returns>
    Task<JobId?> FindClaimAsync(string tenant, string kind, string key, CancellationToken cancellationToken);
}
