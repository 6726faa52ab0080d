using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Retention;

/// <summary>
/// Removes from the store what is kept no longer. A node passes over the shards that it owns, so that no two do the same work;
/// what belongs to no shard goes with the first of them.
/// </summary>
public sealed class RetentionPass(IStore store, RetentionOptions options, TimeProvider time, ILogger<RetentionPass> logger)
{
    private const int ShardOfTheRest = 0;

    // Between batches others get their turn at the disk.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var released = await ReleaseAsync(shards, cancellationToken);
        var pruned = options.Histories > TimeSpan.Zero ? await PruneAsync(shards, cancellationToken) : 0;
        var collected = 0;
        if (shards.Contains(ShardOfTheRest))
        {
            collected = await AllAsync(() => store.Retention.CollectAsync(options.Grace, options.BatchSize, cancellationToken), cancellationToken);
            await AllAsync(() => store.Retention.ForgetCommandsAsync(options.Grace, options.BatchSize, cancellationToken), cancellationToken);
        }

        if (released + pruned + collected > 0)
        {
            RuntimeLog.Retained(logger, released, collected, pruned);
        }
    }

    private Task<int> ReleaseAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) => AllAsync(
        async () =>
        {
            var expired = await store.Retention.FindExpiredAsync(shards, options.LimitsAt(time.GetUtcNow()), options.BatchSize, cancellationToken);
            if (expired.Count > 0)
            {
                await store.Retention.ReleaseAsync(expired, cancellationToken);
            }

            return expired.Count;
        },
        cancellationToken);

    private async Task<int> PruneAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var pruned = 0;
        var before = time.GetUtcNow() - options.Histories;
        foreach (var shard in shards)
        {
            for (long? after = 0; after is { } position; await Task.Delay(Pause, time, cancellationToken))
            {
                (var ended, after) = await NextEndedAsync(shard, position, before, cancellationToken);
                pruned += ended.Count > 0 ? await store.Retention.PruneAsync(ended, cancellationToken) : 0;
            }
        }

        return pruned;
    }

    /// <summary>Walks the shard from its oldest event: a job that was made later than the moment cannot have ended before it.</summary>
    /// <returns>Jobs that ended before the moment, and where to go on, or null at the end.</returns>
    private async Task<(IReadOnlyList<EndedJob> Ended, long? Next)> NextEndedAsync(
        int shard, long after, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var made = new HashSet<JobId>();
        long? next = null;
        await foreach (var row in store.Journal.ReadShardAsync(shard, after, options.BatchSize * 10, cancellationToken))
        {
            next = row.RecordedAt < before ? row.ShardSeq : null;
            if (next is not null && row.Seq == 1)
            {
                made.Add(row.Job);
            }

            if (next is null || made.Count == options.BatchSize)
            {
                break;
            }
        }

        var ended = new List<EndedJob>();
        await foreach (var replay in JobReplay.FoldAsync(store.Journal.ReadJobsAsync(made, cancellationToken), cancellationToken))
        {
            if (replay.Job is { IsActive: false } job && job.UpdatedAt < before)
            {
                ended.Add(new EndedJob(job.Id, job.Submission.Tenant, job.Seq));
            }
        }

        return (ended, next);
    }

    /// <summary>Again and again, until there is less than a batch.</summary>
    private async Task<int> AllAsync(Func<Task<int>> removeBatch, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (true)
        {
            var count = await removeBatch();
            removed += count;
            if (count < options.BatchSize)
            {
                return removed;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
