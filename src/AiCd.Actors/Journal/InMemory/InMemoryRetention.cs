using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryRetention(InMemoryData data) : IRetention
{
    public Task<IReadOnlyList<JobId>> FindExpiredAsync(
        IReadOnlyCollection<int> shards, RetentionLimits limits, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var ended = data.References.Keys
                .Select(job => data.Views.GetValueOrDefault(job))
                .Where(view => view is not null && view.State.IsTerminal())
                .Select(view => view!)
                .OrderByDescending(view => view.UpdatedAt)
                .ThenByDescending(view => view.Id)
                .ToList();
            var completed = 0;
            var expired = ended.Where(view => view.State == JobState.Completed
                ? ++completed > limits.MaxCompleted || view.UpdatedAt < limits.CompletedBefore
                : view.UpdatedAt < limits.FailedBefore).ToList();
            return Task.FromResult<IReadOnlyList<JobId>>(
                [.. expired.Select(view => view.Id).Where(job => shards.Contains(job.Shard)).Reverse().Take(limit)]);
        }
    }

    public Task ReleaseAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            foreach (var job in jobs)
            {
                data.References.Remove(job);
            }
        }

        return Task.CompletedTask;
    }

    public Task<int> CollectAsync(TimeSpan grace, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var named = data.References.Values.SelectMany(keys => keys).ToHashSet();
            var before = data.Time.GetUtcNow() - grace;
            var gone = data.Artifacts.Where(artifact => artifact.Value.PutAt < before && !named.Contains(artifact.Key)).Select(artifact => artifact.Key).Take(limit).ToList();
            gone.ForEach(key => data.Artifacts.Remove(key));
            return Task.FromResult(gone.Count);
        }
    }

    public Task<int> PruneAsync(IReadOnlyCollection<EndedJob> jobs, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var gone = jobs.Where(IsAsKnown).Select(ended => ended.Job).ToHashSet();
            foreach (var job in gone)
            {
                data.Jobs.Remove(job);
                data.Views.Remove(job);
                data.References.Remove(job);
                data.Snapshots.Remove(job);
            }

            foreach (var shard in gone.Select(job => job.Shard).Distinct())
            {
                data.Shards[shard].Rows.RemoveAll(row => gone.Contains(row.Job));
            }

            return Task.FromResult(gone.Count);
        }
    }

    public Task<int> ForgetCommandsAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var before = data.Time.GetUtcNow() - age;
            var gone = data.Inbox.Where(row => row.Value.HandledAt < before).Select(row => row.Key).Take(limit).ToList();
            gone.ForEach(id => data.Inbox.Remove(id));
            return Task.FromResult(gone.Count);
        }
    }

    private bool IsAsKnown(EndedJob ended) =>
        data.Jobs.TryGetValue(ended.Job, out var rows) && rows[^1].Seq == ended.Seq && !data.Shards[ended.Job.Shard].Active.Contains(ended.Job);
}
