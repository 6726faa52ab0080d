using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Host.Configuration;

namespace AiCd.Host.Jobs;

/// <summary>
/// The jobs of a store, exactly as the journal has them: the read model says which there are, and what it does not have yet, because
/// its writer is still at it or was killed, is read from the journal.
/// </summary>
internal sealed class JobList(IStore store)
{
    private const int PageSize = 1_000;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ListedJob>> ReadAsync(JobState? state, int limit, CancellationToken cancellationToken)
    {
        var ahead = await IdsAheadAsync(cancellationToken);
        var views = await store.Jobs.ListAsync(HostSettings.Tenant, state, before: null, limit, cancellationToken);
        var ids = views.Select(view => view.Id).Concat(ahead).ToHashSet();
        var known = views.ToDictionary(view => view.Id);
        var listed = new List<ListedJob>(ids.Count);
        await foreach (var replay in JobReplay.FoldAsync(store.Journal.ReadJobsAsync(ids, cancellationToken), cancellationToken))
        {
            var view = replay.Job is { } job ? JobView.Of(job) : known.GetValueOrDefault(replay.Id);
            listed.Add(new ListedJob(replay.Id, view, replay.Corruption));
        }

        return [.. listed
            .Where(job => job.View is null || (job.View.Tenant == HostSettings.Tenant && (state is null || job.View.State == state)))
            .OrderByDescending(job => job.Id)
            .Take(limit)];
    }

    /// <summary>The newest ids up to the given one, newest first.</summary>
    public async Task<IReadOnlyList<JobId>> IdsBelowAsync(JobId last, int limit, CancellationToken cancellationToken)
    {
        var views = await store.Jobs.ListAsync(HostSettings.Tenant, state: null, last, limit, cancellationToken);
        var ahead = await IdsAheadAsync(cancellationToken);
        return [.. views.Select(view => view.Id).Concat(ahead.Where(id => id <= last)).Distinct().OrderDescending()];
    }

    /// <summary>The jobs with events that the read model has not taken in.</summary>
    private async Task<IReadOnlyCollection<JobId>> IdsAheadAsync(CancellationToken cancellationToken)
    {
        var shards = (await store.Nodes.ReadAsync(cancellationToken)).Shards;
        var cursors = await store.Jobs.ReadCursorsAsync([.. shards.Select(shard => shard.Shard)], cancellationToken);
        var ahead = new HashSet<JobId>();
        foreach (var shard in shards)
        {
            var at = cursors[shard.Shard];
            while (at < shard.Head)
            {
                var from = at;
                await foreach (var row in store.Journal.ReadShardAsync(shard.Shard, at, PageSize, cancellationToken))
                {
                    ahead.Add(row.Job);
                    at = row.ShardSeq;
                }

                if (at == from)
                {
                    break;
                }
            }
        }

        return ahead;
    }
}

/// <param name="View">Null for a job whose history cannot be read and of which the read model knows nothing.</param>
/// <param name="Quarantine">Why its history cannot be read, or null.</param>
internal sealed record ListedJob(JobId Id, JobView? View, string? Quarantine);
