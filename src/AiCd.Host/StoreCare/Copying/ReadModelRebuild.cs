using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;

namespace AiCd.Host.StoreCare.Copying;

/// <summary>
/// Brings the read model up to the journal. Nothing rests on it: a node does the same when it takes a shard, and a shard that a node has
/// taken meanwhile is left to it.
/// </summary>
internal static class ReadModelRebuild
{
    private const int PageSize = 5_000;
    private const int JobsPerWrite = 1_000;

    /// <returns>How many jobs were written.</returns>
    public static async Task<int> RunAsync(IStore store, CancellationToken cancellationToken)
    {
        var shards = (await store.Nodes.ReadAsync(cancellationToken)).Shards.Where(shard => shard.Head > 0).ToList();
        var cursors = await store.Jobs.ReadCursorsAsync([.. shards.Select(shard => shard.Shard)], cancellationToken);
        var written = 0;
        foreach (var shard in shards)
        {
            var (cursor, jobs) = (cursors[shard.Shard], await JobsAsync(store.Journal, shard, cursors[shard.Shard], cancellationToken));
            foreach (var chunk in jobs.Chunk(JobsPerWrite))
            {
                // The cursor moves with the last of them: what was cut short before is done again.
                var to = chunk[^1] == jobs[^1] ? shard.Head : cursor;
                var stale = await store.Jobs.ProjectAsync([new ShardProjection(shard.Shard, cursor, to, await ViewsAsync(store.Journal, chunk, cancellationToken))], cancellationToken);
                if (stale.Count > 0)
                {
                    break;
                }

                written += chunk.Length;
            }
        }

        return written;
    }

    private static async Task<List<JobId>> JobsAsync(IJournal journal, ShardView shard, long after, CancellationToken cancellationToken)
    {
        var jobs = new SortedSet<JobId>();
        while (after < shard.Head)
        {
            var before = after;
            await foreach (var row in journal.ReadShardAsync(shard.Shard, after, PageSize, cancellationToken))
            {
                jobs.Add(row.Job);
                after = row.ShardSeq;
            }

            if (after == before)
            {
                break;
            }
        }

        return [.. jobs];
    }

    private static async Task<List<JobView>> ViewsAsync(IJournal journal, JobId[] jobs, CancellationToken cancellationToken)
    {
        var views = new List<JobView>(jobs.Length);
        await foreach (var replay in JobReplay.FoldAsync(journal.ReadJobsAsync(jobs, cancellationToken), cancellationToken))
        {
            // A quarantined job is shown as far as it can be read.
            if ((replay.Job ?? replay.LastReadable) is { } job)
            {
                views.Add(JobView.Of(job));
            }
        }

        return views;
    }
}
