using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Projections;

/// <summary>Brings the read model of shards to their heads by reading the journal: which jobs changed, and what became of them.</summary>
internal sealed class ShardCatchUp(IJobViews views, IJournal journal, ILogger logger)
{
    private const int PageSize = 5_000;

    /// <returns>Where the cursor of each shard stands now.</returns>
    public async Task<IReadOnlyDictionary<int, long>> RunAsync(IReadOnlyList<OwnedShard> shards, CancellationToken cancellationToken)
    {
        if (shards.Count == 0)
        {
            return new Dictionary<int, long>();
        }

        var cursors = new Dictionary<int, long>(await views.ReadCursorsAsync([.. shards.Select(shard => shard.Shard)], cancellationToken));
        foreach (var shard in shards)
        {
            while (cursors[shard.Shard] < shard.Head)
            {
                cursors[shard.Shard] = await NextPageAsync(shard, cursors[shard.Shard], cancellationToken);
            }
        }

        return cursors;
    }

    private async Task<long> NextPageAsync(OwnedShard owned, long from, CancellationToken cancellationToken)
    {
        var shard = owned.Shard;
        var changed = new HashSet<JobId>();
        long? last = null;
        await foreach (var row in journal.ReadShardAsync(shard, from, PageSize, cancellationToken))
        {
            changed.Add(row.Job);
            last = row.ShardSeq;
        }

        // Histories that were pruned leave holes, and one may reach to the head.
        var to = last ?? owned.Head;

        var rows = new List<JobView>(changed.Count);
        await foreach (var replay in JobReplay.FoldAsync(journal.ReadJobsAsync(changed, cancellationToken), cancellationToken))
        {
            if (replay.Corruption is { } corruption)
            {
                RuntimeLog.JobQuarantined(logger, replay.Id.Value, corruption);
            }

            // A quarantined job is shown as far as it can be read: one that no list has would be forgotten.
            if ((replay.Job ?? replay.LastReadable) is { } job)
            {
                rows.Add(JobView.Of(job));
            }
        }

        var stale = await views.ProjectAsync([new ShardProjection(shard, from, to, rows)], cancellationToken);
        return stale.Count == 0 ? to : (await views.ReadCursorsAsync([shard], cancellationToken))[shard];
    }
}
