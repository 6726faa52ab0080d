using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryJobViews(InMemoryData data) : IJobViews
{
    public Task<IReadOnlyList<int>> ProjectAsync(IReadOnlyList<ShardProjection> projections, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var stale = new List<int>();
            foreach (var projection in projections)
            {
                if (data.Shards[projection.Shard].Cursor != projection.From)
                {
                    stale.Add(projection.Shard);
                    continue;
                }

                data.Shards[projection.Shard].Cursor = projection.To;
                foreach (var job in projection.Jobs)
                {
                    data.Views[job.Id] = job;
                }
            }

            return Task.FromResult<IReadOnlyList<int>>(stale);
        }
    }

    public Task<IReadOnlyDictionary<int, long>> ReadCursorsAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<int, long>>(shards.Distinct().ToDictionary(shard => shard, shard => data.Shards[shard].Cursor));
        }
    }

    public Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(data.Views.TryGetValue(job, out var view) && view.Tenant == tenant ? view : null);
        }
    }

    public Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobState? state, JobId? before, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var found = data.Views.Values.Reverse()
                .Where(view => view.Tenant == tenant)
                .Where(view => state is null || view.State == state)
                .Where(view => before is null || view.Id < before);
            return Task.FromResult<IReadOnlyList<JobView>>([.. found.Take(limit)]);
        }
    }

    public Task<IReadOnlyDictionary<JobState, long>> CountAsync(string tenant, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var counts = data.Views.Values.Where(view => view.Tenant == tenant).CountBy(view => view.State);
            return Task.FromResult<IReadOnlyDictionary<JobState, long>>(counts.ToDictionary(count => count.Key, count => (long)count.Value));
        }
    }
}
