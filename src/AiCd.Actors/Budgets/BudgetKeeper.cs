using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Budgets;

/// <summary>Raises budgets, and lets jobs that wait for money go on when there is enough again: a raised limit, a new month.</summary>
public sealed class BudgetKeeper(ILedger ledger, SpendingRules rules, TimeProvider time)
{
    /// <summary>Sets the limit of one of the job's budgets, whatever is configured, and lets go on who waits for money.</summary>
    /// <param name="limit">In millionths of a US dollar, over all that is spent already.</param>
    public async Task<RaisedBudget> RaiseAsync(Job job, BudgetScope scope, long limit, IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        var (tenant, repository) = (job.Submission.Tenant, job.Submission.Repository);
        var budget = LedgerCall.BudgetsOf(job.Id, tenant, repository, Money.MonthOf(time.GetUtcNow())).Single(budget => budget.Scope == scope);
        await ledger.SetLimitAsync(budget, limit, cancellationToken);
        var account = await ledger.ReadAccountAsync(budget, cancellationToken);
        return new RaisedBudget(budget, account, await ReleaseAsync(gateway, by, cancellationToken));
    }

    /// <returns>How many jobs go on.</returns>
    public async Task<int> ReleaseAsync(IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        var released = 0;
        var limits = new Dictionary<string, BudgetLimits>();
        foreach (var hold in await ledger.ReadHoldsAsync(cancellationToken))
        {
            try
            {
                if (!limits.TryGetValue(hold.Tenant, out var ofTenant))
                {
                    limits.Add(hold.Tenant, ofTenant = await rules.LimitsOfAsync(hold.Tenant, cancellationToken));
                }

                released += await TryReleaseAsync(hold, ofTenant, gateway, by, cancellationToken) ? 1 : 0;
            }
            catch (JobQuarantinedException)
            {
                // Among the dead letters, with the reason; the others need not wait for it.
            }
        }

        return released;
    }

    /// <returns>True where the job waited for money and goes on.</returns>
    public async Task<bool> ReleaseAsync(JobId job, IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        var holds = await ledger.ReadHoldsAsync(cancellationToken);
        return holds.FirstOrDefault(hold => hold.Job == job) is { } hold
            && await TryReleaseAsync(hold, await rules.LimitsOfAsync(hold.Tenant, cancellationToken), gateway, by, cancellationToken);
    }

    /// <param name="limits">Of the job's tenant.</param>
    private async Task<bool> TryReleaseAsync(BudgetHold hold, BudgetLimits limits, IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        if (!await IsCoveredAsync(hold, limits, cancellationToken)
            || (await gateway.FindAsync(hold.Job, cancellationToken) is { } job && !await IsCoveredAsync(hold, SpendingRules.Of(limits, job.Submission), cancellationToken)))
        {
            return false;
        }

        var result = await gateway.SendAsync(hold.Job, new JobCommand.RaiseBudget(by) { At = time.Now() }, cancellationToken: cancellationToken);
        switch (result)
        {
            case CommandResult.Applied:
                return true;
            case CommandResult.Refused { Refusal: { Code: RefusalCodes.NotFound } or { State: JobState.Completed or JobState.Failed or JobState.Cancelled } }:
                await ledger.RemoveHoldAsync(hold.Job, cancellationToken);
                return false;
            default:
                // The job is not on hold yet, or no longer: its next reservation that succeeds ends the note.
                return false;
        }
    }

    private async Task<bool> IsCoveredAsync(BudgetHold hold, BudgetLimits limits, CancellationToken cancellationToken)
    {
        foreach (var budget in LedgerCall.BudgetsOf(hold.Job, hold.Tenant, hold.Repository, Money.MonthOf(time.GetUtcNow())))
        {
            if (!(await ledger.ReadAccountAsync(budget, cancellationToken)).Covers(hold.Amount, limits[budget.Scope]))
            {
                return false;
            }
        }

        return true;
    }
}

/// <param name="Account">As it was before anybody went on.</param>
/// <param name="Released">How many jobs go on, be it for this budget or for what else has changed.</param>
public sealed record RaisedBudget(BudgetKey Budget, BudgetAccount Account, int Released);
