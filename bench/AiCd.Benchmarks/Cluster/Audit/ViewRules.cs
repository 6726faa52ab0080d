using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>The read model shows of every job what its replay gives, and no others.</summary>
internal static class ViewRules
{
    private const int PageSize = 1_000;

    public static async Task CheckAsync(IReadOnlyList<JobHistory> histories, IJobViews views, List<string> violations, CancellationToken cancellationToken)
    {
        var replayed = histories.Select(history => history.Job).OfType<Job>().ToDictionary(job => job.Id, JobView.Of);
        JobId? last = null;
        while (true)
        {
            var page = await views.ListAsync("default", state: null, last, PageSize, cancellationToken);
            foreach (var view in page)
            {
                if (!replayed.Remove(view.Id, out var expected) || view != expected)
                {
                    violations.Add($"the read model shows {view}, replay gives {expected?.ToString() ?? "no such job"}");
                }
            }

            if (page.Count < PageSize)
            {
                break;
            }

            last = page[^1].Id;
        }

        violations.AddRange(replayed.Keys.Select(job => $"the read model lacks job {job}"));
    }
}
