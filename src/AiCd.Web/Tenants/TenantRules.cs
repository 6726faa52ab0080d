using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.Tenants;

/// <summary>What a tenant may submit: into which repositories, and how much.</summary>
public sealed class TenantRules(IWebStore tenants, TimeProvider time)
{
    // More are never counted: no quota is larger.
    private const int MaxCounted = 1_000_000;

    /// <exception cref="ProblemException">The repository is not one of the tenant's.</exception>
    public async Task ThrowIfNotAllowedAsync(string tenant, string repository, CancellationToken cancellationToken)
    {
        if (!Allows(await GetAsync(tenant, cancellationToken), repository))
        {
            throw ProblemException.Field("repository", "a repository that was allowed to the tenant", repository);
        }
    }

    public static bool Allows(Tenant tenant, string repository)
    {
        var forms = FormsOf(repository);
        return tenant.Repositories.Any(pattern => pattern.EndsWith('*')
            ? forms.Any(form => form.StartsWith(pattern[..^1], StringComparison.Ordinal))
            : forms.Contains(pattern.TrimEnd('/')));
    }

    /// <summary>The ways to write the address without detours: what leads up and out of an allowed folder must not begin like it.</summary>
    private static string[] FormsOf(string repository)
    {
        if (Uri.TryCreate(repository, UriKind.Absolute, out var url) && !url.IsFile)
        {
            return [url.AbsoluteUri.TrimEnd('/')];
        }

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(url?.LocalPath ?? repository));
        return [path, "file://" + path];
    }

    /// <exception cref="ProblemException">A quota is used up.</exception>
    public async Task ThrowIfExhaustedAsync(TenantScope scope, CancellationToken cancellationToken)
    {
        var tenant = await GetAsync(scope.Tenant, cancellationToken);
        if (tenant.MaxConcurrentJobs is { } concurrent)
        {
            var unfinished = new JobFilter(States: [.. Enum.GetValues<JobState>().Where(state => !state.IsTerminal())]);
            Check(await scope.CountAsync(unfinished, Math.Min(concurrent, MaxCounted), cancellationToken), concurrent, "unfinished jobs", retryAfter: 30);
        }

        var today = time.GetUtcNow().UtcDateTime.Date;
        if (tenant.MaxJobsPerDay is { } daily)
        {
            var tomorrow = today.AddDays(1) - time.GetUtcNow().UtcDateTime;
            var submitted = await scope.CountAsync(new JobFilter(From: Utc(today)), Math.Min(daily, MaxCounted), cancellationToken);
            Check(submitted, daily, "jobs a day", (int)Math.Ceiling(tomorrow.TotalSeconds));
        }

        if (tenant.MonthlyBudgetMicros is { } budget)
        {
            var month = new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc);
            Check(await scope.CostAsync(Utc(month), cancellationToken), budget, "millionths of a US dollar a month", (int)Math.Ceiling((month.AddMonths(1) - time.GetUtcNow().UtcDateTime).TotalSeconds));
        }
    }

    private async Task<Tenant> GetAsync(string tenant, CancellationToken cancellationToken) =>
        await tenants.FindTenantAsync(tenant, cancellationToken) ?? throw ProblemException.NotFound("tenant");

    private static void Check(long used, long allowed, string what, int retryAfter)
    {
        if (used >= allowed)
        {
            throw new ProblemException(Problem.Of(ProblemType.QuotaExceeded, $"The tenant may have {allowed} {what}") with { RetryAfter = retryAfter });
        }
    }

    private static DateTimeOffset Utc(DateTime day) => new(DateTime.SpecifyKind(day, DateTimeKind.Utc));
}
