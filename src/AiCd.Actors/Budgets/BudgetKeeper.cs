using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Budgets;

/// <summary>Raises budgets, and lets jobs that wait for money go on when there is enough again: a raised limit, a new month.</summary>
public sealed class BudgetKeeper(ILedger ledger, BudgetOptions options, TimeProvider time)
{
    /// <summary>Sets the limit of one budget, whatever is configured, and lets go on who waits for it.</summary>
    /// <param name="limit">Null for the configured one.</param>
    public async Task<int> RaiseAsync(BudgetKey budget, long? limit, IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        await ledger.SetLimitAsync(budget, limit, cancellationToken);
        return await ReleaseAsync(gateway, by, cancellationToken);
    }

    /// <returns>How many jobs go on.</returns>
    public async Task<int> ReleaseAsync(IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var hold in await ledger.ReadHoldsAsync(cancellationToken))
        {
            released += await TryReleaseAsync(hold, gateway, by, cancellationToken) ? 1 : 0;
        }

        return released;
    }

    /// <returns>True where the job waited for money and goes on.</returns>
    public async Task<bool> ReleaseAsync(JobId job, IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        var holds = await ledger.ReadHoldsAsync(cancellationToken);
        return holds.FirstOrDefault(hold => hold.Job == job) is { } hold && await TryReleaseAsync(hold, gateway, by, cancellationToken);
    }

    private async Task<bool> TryReleaseAsync(BudgetHold hold, IJobGateway gateway, string? by, CancellationToken cancellationToken)
    {
        if (!await IsCoveredAsync(hold, cancellationToken))
        {
            return false;
        }

        var result = await gateway.SendAsync(hold.Job, new JobCommand.RaiseBudget(by) { At = time.Now() }, cancellationToken: cancellationToken);
        switch (result)
        {
            case CommandResult.Applied:
                return true;
            case CommandResult.Refused { Refusal: { State: null } or { State: JobState.Completed or JobState.Failed or JobState.Cancelled } }:
                await ledger.RemoveHoldAsync(hold.Job, cancellationToken);
                return false;
            default:
                // The job is not on hold yet, or no longer: its next reservation that succeeds ends the note.
                return false;
        }
    }

    private async Task<bool> IsCoveredAsync(BudgetHold hold, CancellationToken cancellationToken)
    {
        foreach (var budget in LedgerCall.BudgetsOf(hold.Job, hold.Tenant, hold.Repository, Money.MonthOf(time.GetUtcNow())))
        {
            if (!(await ledger.ReadAccountAsync(budget, cancellationToken)).Covers(hold.Amount, options.Limits[budget.Scope]))
            {
                return false;
            }
        }

        return true;
    }
}
