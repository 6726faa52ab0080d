using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Host.Driving;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>
/// Compares the read model with the replays. It is read after the journal, so a job that moved on in between looks different at first:
/// such a one is looked at again by itself before it counts.
/// </summary>
internal sealed class ViewCheck(IStore store, TimeProvider time)
{
    private const int PageSize = 1_000;
    private const int Looks = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task<IReadOnlyList<StoreProblem>> RunAsync(IReadOnlyDictionary<JobId, JobStanding> jobs, CancellationToken cancellationToken)
    {
        var problems = new List<StoreProblem>();
        var seen = new HashSet<JobId>();
        foreach (var tenant in jobs.Values.Select(job => job.Tenant).Distinct().Order(StringComparer.Ordinal))
        {
            IReadOnlyList<JobView> page = [];
            do
            {
                page = await store.Jobs.ListAsync(tenant, state: null, page.Count > 0 ? page[^1].Id : null, PageSize, cancellationToken);
                foreach (var view in page)
                {
                    seen.Add(view.Id);
                    if (jobs.GetValueOrDefault(view.Id) is not { Readable: true } job || job.Fingerprint != JobStanding.Of(view))
                    {
                        problems.AddRange(await LookAgainAsync(tenant, view.Id, cancellationToken));
                    }
                }
            }
            while (page.Count == PageSize);
        }

        foreach (var job in jobs.Values.Where(job => job.Fingerprint is not null && !seen.Contains(job.Id)))
        {
            problems.AddRange(await LookAgainAsync(job.Tenant, job.Id, cancellationToken));
        }

        return problems;
    }

    /// <returns>Nothing where view and replay agree at one moment.</returns>
    private async Task<IReadOnlyList<StoreProblem>> LookAgainAsync(string tenant, JobId id, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var view = await store.Jobs.FindAsync(tenant, id, cancellationToken);
            var cursor = (await store.Jobs.ReadCursorsAsync([id.Shard], cancellationToken))[id.Shard];
            var (expected, readable) = await ReplayAsync(id, cursor, cancellationToken);
            if (!readable || view == expected)
            {
                return [];
            }

            if (look == Looks)
            {
                return [Different(id, view, expected)];
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static StoreProblem Different(JobId id, JobView? view, JobView? expected) => (view, expected) switch
    {
        (null, _) => new("view_missing", $"the read model does not have job {id}", id, expected?.Seq, id.Shard),
        (_, null) => new("view_without_job", $"the read model has job {id}, of which the journal knows nothing", id, view.Seq, id.Shard),
        _ => new("view_different", $"the read model has job {id} in {WireNames.Of(view.State)} after event {view.Seq}, its replay ends in {WireNames.Of(expected.State)} after event {expected.Seq}", id, expected.Seq, id.Shard),
    };

    private async Task<(JobView? View, bool Readable)> ReplayAsync(JobId id, long cursor, CancellationToken cancellationToken)
    {
        Job? job = null;
        await foreach (var row in store.Journal.ReadJobsAsync([id], cancellationToken))
        {
            if (row.ShardSeq > cursor)
            {
                break;
            }

            (job, var corruption) = JobHistory.TryAdvance(id, job, row);
            if (corruption is not null)
            {
                return (null, false);
            }
        }

        return (job is null ? null : JobView.Of(job), true);
    }
}
