using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;

namespace AiCd.Actors.Budgets;

/// <summary>What may be spent: of what is configured and what was laid down for a tenant or a job, the smaller one.</summary>
public sealed class SpendingRules(BudgetOptions options, ITenantBudgets tenants)
{
    public TimeSpan Patience => options.Patience;

    /// <exception cref="JournalException">The tenant's budget cannot be read at the moment.</exception>
    public async Task<BudgetLimits> LimitsOfAsync(string tenant, CancellationToken cancellationToken)
    {
        var limits = options.Limits;
        return limits with { TenantMonth = Smaller(limits.TenantMonth, await tenants.FindMonthlyAsync(tenant, cancellationToken)) };
    }

    /// <summary>A job may be given less than others, never more: that is for those who operate the installation.</summary>
    /// <inheritdoc cref="LimitsOfAsync(string, CancellationToken)"/>
    public async Task<BudgetLimits> LimitsOfAsync(Submission job, CancellationToken cancellationToken) =>
        Of(await LimitsOfAsync(job.Tenant, cancellationToken), job);

    internal static BudgetLimits Of(BudgetLimits tenant, Submission job) => tenant with { Job = Smaller(tenant.Job, job.BudgetMicros) };

    private static long? Smaller(long? one, long? other) => other is null || one < other ? one : other;
}
