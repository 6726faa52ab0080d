using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Journal;

/// <summary>
/// Money. A call to a model is reserved before it is made and settled after, each in a short transaction of its own that moves the
/// accounts of all its budgets at once: calls in parallel cannot overspend together, and what a crash left open counts as spent.
/// Amounts are millionths of a US dollar.
/// </summary>
public interface ILedger
{
    /// <summary>Sets the amount aside in every budget of the call, or in none. The same call is reserved once.</summary>
    /// <param name="limits">As configured; a limit that was set by <see cref="SetLimitAsync"/> counts instead.</param>
    Task<Reservation> ReserveAsync(LedgerCall call, BudgetLimits limits, CancellationToken cancellationToken);

    /// <summary>Replaces the reservation by what the call cost.</summary>
    /// <returns>False where the call was settled before, or never reserved.</returns>
    Task<bool> SettleAsync(string callId, Usage usage, CancellationToken cancellationToken);

    /// <summary>The job's history has the call's usage.</summary>
    Task MarkJournaledAsync(string callId, CancellationToken cancellationToken);

    /// <returns>The calls of a job whose usage its history may not have, the oldest first.</returns>
    Task<IReadOnlyList<UnjournaledCall>> FindUnjournaledAsync(JobId job, CancellationToken cancellationToken);

    /// <returns>Zero where nothing was ever reserved.</returns>
    Task<BudgetAccount> ReadAccountAsync(BudgetKey budget, CancellationToken cancellationToken);

    /// <summary>Sets the limit of one budget.</summary>
    /// <param name="limit">Null for the configured one.</param>
    Task SetLimitAsync(BudgetKey budget, long? limit, CancellationToken cancellationToken);

    /// <summary>Notes that a job waits for money; a reservation of the job that succeeds ends it.</summary>
    Task HoldAsync(BudgetHold hold, CancellationToken cancellationToken);

    Task<IReadOnlyList<BudgetHold>> ReadHoldsAsync(CancellationToken cancellationToken);

    Task RemoveHoldAsync(JobId job, CancellationToken cancellationToken);
}

/// <summary>What a budget limits. The order is the one in which their accounts are locked.</summary>
public enum BudgetScope
{
    Job,
    Repository,
    TenantMonth,
}

/// <param name="Key">A job's id, a repository in its normal form, or a month such as 2030-01.</param>
public sealed record BudgetKey(string Tenant, BudgetScope Scope, string Key);

/// <param name="Amount">Set aside until the call is settled: more than it can cost.</param>
public sealed record LedgerCall(
    string CallId, JobId Job, string Tenant, string Repository, string Month, Stage Stage, string Model, long Amount)
{
    /// <summary>In the order in which they are locked.</summary>
    public IReadOnlyList<BudgetKey> Budgets => BudgetsOf(Job, Tenant, Repository, Month);

    public static IReadOnlyList<BudgetKey> BudgetsOf(JobId job, string tenant, string repository, string month) =>
    [
        new(tenant, BudgetScope.Job, job.Value),
        new(tenant, BudgetScope.Repository, repository),
        new(tenant, BudgetScope.TenantMonth, month),
    ];
}

/// <summary>Limits by scope; null where there is none.</summary>
public sealed record BudgetLimits(long? Job, long? Repository, long? TenantMonth)
{
    public long? this[BudgetScope scope] => scope switch
    {
        BudgetScope.Job => Job,
        BudgetScope.Repository => Repository,
        _ => TenantMonth,
    };
}

/// <param name="Settled">Of calls that are over.</param>
/// <param name="Open">Of calls that are under way, or whose end a crash hid.</param>
/// <param name="Limit">That was set for this very budget; null where the configured one counts.</param>
public sealed record BudgetAccount(long Settled, long Open, long? Limit)
{
    public static BudgetAccount Empty { get; } = new(0, 0, null);

    /// <param name="configured">Counts where no limit was set.</param>
    public bool Covers(long amount, long? configured) => (Limit ?? configured) is not { } limit || Settled + Open + amount <= limit;
}

public abstract record Reservation
{
    private Reservation()
    {
    }

    public sealed record Made : Reservation;

    /// <summary>One budget does not cover the amount; nothing was set aside in any.</summary>
    public sealed record Refused(BudgetKey Budget, long Limit, long Settled, long Open, long Amount) : Reservation
    {
        /// <summary>True where calls that are under way may yet leave enough.</summary>
        public bool MayFitLater => Open > 0 && Settled + Amount <= Limit;
    }
}

/// <param name="Usage">Null where the call is open.</param>
public sealed record UnjournaledCall(string CallId, Stage Stage, string Model, long Reserved, Usage? Usage);

/// <summary>A job that waits for money.</summary>
/// <param name="Amount">What its next call needs.</param>
public sealed record BudgetHold(JobId Job, string Tenant, string Repository, long Amount);
