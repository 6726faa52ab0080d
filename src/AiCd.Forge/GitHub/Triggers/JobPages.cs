using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Forge.GitHub.Triggers;

internal static class JobPages
{
    /// <summary>Every job of the tenant in a state, newest first. One that leaves the state meanwhile hides no other.</summary>
    public static async IAsyncEnumerable<JobView> ListAllAsync(
        this IJobViews views, string tenant, JobState state, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<JobView> page;
        JobId? before = null;
        do
        {
            page = await views.ListAsync(tenant, state, before, pageSize, cancellationToken);
            foreach (var view in page)
            {
                yield return view;
                before = view.Id;
            }
        }
        while (page.Count == pageSize);
    }
}
