using AiCd.Actors.Projections;
using AiCd.Web.Tenants;

namespace AiCd.Web.Jobs;

/// <summary>Lists of a tenant's jobs, a page at a time.</summary>
public sealed class JobList(TenantScope scope, Cursors cursors)
{
    public async Task<JobPage> PageAsync(JobFilter filter, JobSort sort, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var query = new JobListQuery(filter, sort, null, limit + 1);
        query = cursor is null ? query : query with { After = cursors.Read(scope.Tenant, query, cursor) };
        var found = await scope.ListAsync(query, cancellationToken);
        var page = found.Take(limit).ToList();
        var next = found.Count > limit ? cursors.Create(scope.Tenant, query, JobPlace.Of(page[^1], sort)) : null;
        return new JobPage([.. page.Select(JobMapping.Summary)], next);
    }
}
