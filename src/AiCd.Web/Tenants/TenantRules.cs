using AiCd.Actors.Budgets;
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

    /// <summary>Before anybody looks at the repository: a short form (owner/repo) may be one at any host that was allowed. Where it leads is another question.</summary>
    /// <exception cref="ProblemException">The repository cannot be one of the tenant's.</exception>
    public async Task ThrowIfNeverAllowedAsync(string tenant, string repository, CancellationToken cancellationToken)
    {
        var found = await GetAsync(tenant, cancellationToken);
        if (!Allows(found, repository) && !ShortForms.Of(repository, found.Repositories).Any(form => Allows(found, form)))
        {
            throw NotAllowed(repository);
        }
    }

    /// <exception cref="ProblemException">The repository is not one of the tenant's.</exception>
    public async Task ThrowIfNotAllowedAsync(string tenant, string repository, CancellationToken cancellationToken)
    {
        if (!Allows(await GetAsync(tenant, cancellationToken), repository))
        {
            throw NotAllowed(repository);
        }
    }

    /// <summary>For jobs that go on from others: what was allowed when the first was made need not be any more.</summary>
    /// <exception cref="ProblemException">The tenant may not have one more job in the repository of the given one.</exception>
    public async Task ThrowIfNoMoreAsync(TenantScope scope, Job job, CancellationToken cancellationToken)
    {
        var repository = job.Submission.Repository;
        if (!Allows(await GetAsync(scope.Tenant, cancellationToken), repository))
        {
            throw new ProblemException(
                ProblemType.Unprocessable, $"The repository {repository} is not one of the tenant's any more", "repository", "a repository that is allowed to the tenant");
        }

        await ThrowIfExhaustedAsync(scope, cancellationToken);
    }

    /// <returns>True where each job that is made leaves room for one less.</returns>
    public async Task<bool> CountsJobsAsync(string tenant, CancellationToken cancellationToken) =>
        await GetAsync(tenant, cancellationToken) is { MaxConcurrentJobs: not null } or { MaxJobsPerDay: not null };

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
    public Task ThrowIfExhaustedAsync(TenantScope scope, CancellationToken cancellationToken) => ThrowIfExhaustedAsync(scope, replaces: false, cancellationToken);

    /// <param name="replaces">True where the new job takes the place of one that is unfinished and ends for it.</param>
    /// <exception cref="ProblemException">A quota is used up.</exception>
    internal async Task ThrowIfExhaustedAsync(TenantScope scope, bool replaces, CancellationToken cancellationToken)
    {
        var tenant = await GetAsync(scope.Tenant, cancellationToken);
        if (tenant.MaxConcurrentJobs is { } concurrent)
        {
            var unfinished = new JobFilter(States: [.. Enum.GetValues<JobState>().Where(state => !state.IsTerminal())]);
            var most = replaces ? concurrent + 1 : concurrent;
            Check(await scope.CountAsync(unfinished, Math.Min(most, MaxCounted), cancellationToken), most, $"{concurrent} unfinished jobs", retryAfter: 30);
        }

        var today = time.GetUtcNow().UtcDateTime.Date;
        if (tenant.MaxJobsPerDay is { } daily)
        {
            var submitted = await scope.CountAsync(new JobFilter(From: Utc(today)), Math.Min(daily, MaxCounted), cancellationToken);
            Check(submitted, daily, $"{daily} jobs a day", SecondsUntil(today.AddDays(1)));
        }

        if (tenant.MonthlyBudgetMicros is { } budget)
        {
            var month = new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc);
            var account = await scope.AccountAsync(Utc(month), cancellationToken);

            // What operators set for this month counts instead, as it does when money is set aside.
            var limit = account.Limit ?? budget;
            Check(account.Settled + account.Open, limit, $"{Money.Text(limit)} a month", SecondsUntil(month.AddMonths(1)));
        }
    }

    private async Task<Tenant> GetAsync(string tenant, CancellationToken cancellationToken) =>
        await tenants.FindTenantAsync(tenant, cancellationToken) ?? throw ProblemException.NotFound("tenant");

    private static ProblemException NotAllowed(string repository) =>
        ProblemException.Field("repository", "a repository that was allowed to the tenant", repository);

    private int SecondsUntil(DateTime utc) => (int)Math.Ceiling((utc - time.GetUtcNow().UtcDateTime).TotalSeconds);

    private static void Check(long used, long allowed, string what, int retryAfter)
    {
        if (used >= allowed)
        {
            throw new ProblemException(Problem.Of(ProblemType.QuotaExceeded, $"The tenant may have {what}") with { RetryAfter = retryAfter });
        }
    }

    private static DateTimeOffset Utc(DateTime day) => new(DateTime.SpecifyKind(day, DateTimeKind.Utc));
}
