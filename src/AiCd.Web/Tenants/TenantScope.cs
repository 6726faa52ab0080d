using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime;
using AiCd.Web.Access;
using AiCd.Web.Engine;
using AiCd.Web.Problems;

namespace AiCd.Web.Tenants;

/// <summary>
/// The jobs of one tenant, and the only way to jobs for whatever answers people: what is another tenant's is not there. It names the
/// tenant itself in every question and command, so that no handler has to remember.
/// </summary>
public sealed class TenantScope(Caller caller, IEngine engine, IStore store, TenantRules rules, TimeProvider time)
{
    public Caller Caller { get; } = caller;

    public string Tenant => Caller.Tenant;

    private IJobGateway Gateway => engine.Gateway;

    /// <exception cref="ProblemException">There is no such job, for this tenant.</exception>
    public async Task<Job> GetAsync(string id, CancellationToken cancellationToken) =>
        JobId.TryParse(id, out var job) && await Gateway.FindAsync(job, cancellationToken) is { } found && found.Submission.Tenant == Tenant
            ? found
            : throw ProblemException.NotFound("job");

    /// <returns>Null where there is no such job, for this tenant.</returns>
    public async Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        await Gateway.FindAsync(id, cancellationToken) is { } found && found.Submission.Tenant == Tenant ? found : null;

    public Task<SubmitResult> SubmitAsync(NewJob job, CancellationToken cancellationToken) =>
        Gateway.SubmitAsync(job with { Tenant = Tenant, By = Caller.Who }, cancellationToken);

    /// <returns>True where the tenant's idempotency key made a job before.</returns>
    public async Task<bool> IsKnownAsync(string idempotencyKey, CancellationToken cancellationToken) =>
        await store.Journal.FindClaimAsync(Tenant, ClaimKinds.Idempotency, idempotencyKey, cancellationToken) is not null;

    /// <returns>The job that the act changed, or null where it changed none; see <see cref="JobCommand.Act"/>.</returns>
    public Task<JobId?> FindAnswerAsync(string act, CancellationToken cancellationToken) =>
        store.Journal.FindClaimAsync(Tenant, ClaimKinds.Act, act, cancellationToken);

    /// <param name="job">As <see cref="GetAsync"/> gave it.</param>
    public Task<CommandResult> SendAsync(Job job, JobCommand command, IReadOnlyList<ArtifactContent>? contents, CancellationToken cancellationToken)
    {
        ThrowIfForeign(job);
        return Gateway.SendAsync(job.Id, command, contents, cancellationToken);
    }

    /// <param name="idempotencyKey">The same key gives the same retry, whatever became of it.</param>
    /// <exception cref="ProblemException">One would be made, and the tenant may not have one more in the repository.</exception>
    public async Task<LinkResult> RetryAsync(Job job, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        ThrowIfForeign(job);
        if (LinkedJobs.MayRetry(job) && await Links.FindRetryAsync(job, idempotencyKey, cancellationToken) is null)
        {
            await rules.ThrowIfNoMoreAsync(this, job, cancellationToken);
        }

        return await Links.RetryAsync(job, Caller.Who, idempotencyKey, time.GetUtcNow(), cancellationToken);
    }

    /// <exception cref="ProblemException">The tenant may not have one more in the repository.</exception>
    public async Task<LinkResult> ForkAsync(Job job, int seq, string? agent, CancellationToken cancellationToken)
    {
        ThrowIfForeign(job);
        await rules.ThrowIfNoMoreAsync(this, job, cancellationToken);
        return await Links.ForkAsync(job, seq, agent, Caller.Who, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>What the caller did on this node is in the answer.</summary>
    public async Task<IReadOnlyList<JobView>> ListAsync(JobListQuery query, CancellationToken cancellationToken)
    {
        await engine.ReadModelsCaughtUpAsync(cancellationToken);
        return await store.Queries.ListAsync(Tenant, query, cancellationToken);
    }

    public async Task<long> CountAsync(JobFilter filter, int limit, CancellationToken cancellationToken)
    {
        await engine.ReadModelsCaughtUpAsync(cancellationToken);
        return await store.Queries.CountAsync(Tenant, filter, limit, cancellationToken);
    }

    public async Task<JobStats> StatsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await engine.ReadModelsCaughtUpAsync(cancellationToken);
        return await store.Queries.StatsAsync(Tenant, since, cancellationToken);
    }

    /// <returns>Millionths of a US dollar, of the jobs that ended since.</returns>
    public async Task<long> CostAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await engine.ReadModelsCaughtUpAsync(cancellationToken);
        return await store.Queries.CostAsync(Tenant, since, cancellationToken);
    }

    /// <summary>What the tenant's jobs spent in a month, and what is set aside for them.</summary>
    public Task<BudgetAccount> AccountAsync(DateTimeOffset month, CancellationToken cancellationToken) =>
        store.Ledger.ReadAccountAsync(new BudgetKey(Tenant, BudgetScope.TenantMonth, Money.MonthOf(month)), cancellationToken);

    public Task<IReadOnlyList<JournalRow>> EventsAsync(JobId job, int afterSeq, int limit, CancellationToken cancellationToken) =>
        store.Queries.EventsAsync(Tenant, job, afterSeq, limit, cancellationToken);

    public Task<byte[]?> FindArtifactAsync(string sha256, CancellationToken cancellationToken) =>
        store.Queries.FindArtifactAsync(Tenant, sha256, cancellationToken);

    private LinkedJobs Links => new(Gateway, store, new ArtifactReader(store.Artifacts));

    private void ThrowIfForeign(Job job)
    {
        if (job.Submission.Tenant != Tenant)
        {
            throw new InvalidOperationException($"A job of {job.Submission.Tenant} got into a question of {Tenant}");
        }
    }
}

/// <summary>Makes scopes, for requests and for whatever else acts in a tenant's name.</summary>
public sealed class TenantScopes(IEngine engine, IStore store, TenantRules rules, TimeProvider time)
{
    public TenantScope For(Caller caller) => new(caller, engine, store, rules, time);
}
