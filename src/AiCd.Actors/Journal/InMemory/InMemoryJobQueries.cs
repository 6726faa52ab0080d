using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryJobQueries(InMemoryData data) : IJobQueries
{
    public Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobListQuery query, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var found = Matching(tenant, query.Filter);
            found = query.Sort switch
            {
                JobSort.Newest => found.Reverse().Where(view => query.After is not { } after || view.Id < after.Job),
                JobSort.Oldest => found.Where(view => query.After is not { } after || view.Id > after.Job),
                JobSort.LastEnded => Falling(found.Where(view => view.EndedAt is not null), view => view.EndedAt!.Value, query.After, query.After?.At),
                JobSort.LastMoved => Falling(found, view => view.MovedAt, query.After, query.After?.At),
                JobSort.FirstMoved => Rising(found, view => view.MovedAt, query.After, query.After?.At),
                JobSort.HighestPriority => Falling(found, view => view.Priority, query.After, query.After?.Priority),
                _ => Rising(found, view => view.Priority, query.After, query.After?.Priority),
            };
            return Task.FromResult<IReadOnlyList<JobView>>([.. found.Take(query.Limit)]);
        }
    }

    private static IEnumerable<JobView> Falling<TKey>(IEnumerable<JobView> found, Func<JobView, TKey> key, JobPlace? after, TKey? afterKey)
        where TKey : struct, IComparable<TKey> => found
        .OrderByDescending(key).ThenByDescending(view => view.Id)
        .Where(view => after is null || (key(view), view.Id).CompareTo((afterKey.GetValueOrDefault(), after.Job)) < 0);

    private static IEnumerable<JobView> Rising<TKey>(IEnumerable<JobView> found, Func<JobView, TKey> key, JobPlace? after, TKey? afterKey)
        where TKey : struct, IComparable<TKey> => found
        .OrderBy(key).ThenBy(view => view.Id)
        .Where(view => after is null || (key(view), view.Id).CompareTo((afterKey.GetValueOrDefault(), after.Job)) > 0);

    public Task<long> CountAsync(string tenant, JobFilter filter, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult<long>(Matching(tenant, filter).Take(limit).Count());
        }
    }

    public Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(data.Views.TryGetValue(job, out var view) && view.Tenant == tenant ? view : null);
        }
    }

    public Task<JobStats> StatsAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var all = data.Views.Values.Where(view => view.Tenant == tenant).ToList();
            var ended = all.Where(view => view.EndedAt >= since).ToList();
            return Task.FromResult(new JobStats(
                all.CountBy(view => view.State).ToDictionary(count => count.Key, count => (long)count.Value),
                all.Where(view => view.Hold is not null).CountBy(view => view.Hold!).ToDictionary(count => count.Key, count => (long)count.Value),
                all.LongCount(view => view.SubmittedAt >= since),
                ended.CountBy(view => view.State).ToDictionary(count => count.Key, count => (long)count.Value),
                Percentiles.Of([.. ended.Select(view => view.Times)]),
                ended.Sum(view => view.CostMicros)));
        }
    }

    public Task<long> CostAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(data.Views.Values.Where(view => view.Tenant == tenant && view.EndedAt >= since).Sum(view => view.CostMicros));
        }
    }

    public Task<IReadOnlyList<JournalRow>> EventsAsync(string tenant, JobId job, int afterSeq, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            IReadOnlyList<JournalRow> rows = data.Jobs.TryGetValue(job, out var all)
                ? [.. all.Where(row => row.Tenant == tenant && row.Seq > afterSeq).Take(limit)]
                : [];
            return Task.FromResult(rows);
        }
    }

    public Task<byte[]?> FindArtifactAsync(string tenant, string sha256, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(data.Artifacts.TryGetValue(new ArtifactKey(tenant, sha256), out var artifact) ? artifact.Content : null);
        }
    }

    public Task<IReadOnlyList<JournalRow>> TailAsync(IReadOnlyDictionary<int, long> after, int limitPerShard, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var rows = new List<JournalRow>();
            foreach (var (shard, position) in after.OrderBy(pair => pair.Key))
            {
                var all = data.Shards[shard].Rows;
                rows.AddRange(all.Skip((int)position).Take(limitPerShard));
            }

            return Task.FromResult<IReadOnlyList<JournalRow>>(rows);
        }
    }

    private IEnumerable<JobView> Matching(string tenant, JobFilter filter) => data.Views.Values
        .Where(view => view.Tenant == tenant)
        .Where(view => filter.States is not { Count: > 0 } states || states.Contains(view.State))
        .Where(view => filter.Repository is null || view.Repository == filter.Repository)
        .Where(view => filter.Label is null || view.Labels.Contains(filter.Label))
        .Where(view => filter.Hold is null || view.Hold == filter.Hold)
        .Where(view => filter.From is null || view.SubmittedAt >= filter.From)
        .Where(view => filter.To is null || view.SubmittedAt < filter.To)
        .Where(view => filter.Words is not { Count: > 0 } words || JobWords.Match(view, words));
}
