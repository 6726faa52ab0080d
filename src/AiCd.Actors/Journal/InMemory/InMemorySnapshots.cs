using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemorySnapshots(InMemoryData data) : ISnapshots
{
    public Task WriteAsync(IReadOnlyCollection<JobSnapshot> snapshots, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            foreach (var snapshot in snapshots)
            {
                if (!data.Snapshots.TryGetValue(snapshot.Job, out var there) || there.Schema != snapshot.Schema || there.Seq < snapshot.Seq)
                {
                    data.Snapshots[snapshot.Job] = snapshot with { State = snapshot.State.ToArray() };
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            foreach (var job in jobs)
            {
                data.Snapshots.Remove(job);
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<JobSnapshot>> FindAsync(IReadOnlyCollection<JobId> jobs, int schema, CancellationToken cancellationToken) => Find(() => jobs, schema);

    public Task<IReadOnlyList<JobSnapshot>> FindActiveAsync(IReadOnlyCollection<int> shards, int schema, CancellationToken cancellationToken) =>
        Find(() => shards.SelectMany(shard => data.Shards[shard].Active), schema);

    private Task<IReadOnlyList<JobSnapshot>> Find(Func<IEnumerable<JobId>> jobs, int schema)
    {
        lock (data.Gate)
        {
            return Task.FromResult<IReadOnlyList<JobSnapshot>>(
                [.. jobs().Distinct().Select(job => data.Snapshots.GetValueOrDefault(job)).OfType<JobSnapshot>().Where(snapshot => snapshot.Schema == schema)]);
        }
    }
}
