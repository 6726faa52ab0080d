using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryLedger : ILedger
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, Entry> _calls = [];
    private readonly Dictionary<BudgetKey, BudgetAccount> _accounts = [];
    private readonly SortedDictionary<JobId, BudgetHold> _holds = [];

    public Task<Reservation> ReserveAsync(LedgerCall call, BudgetLimits limits, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Reserve(call, limits));
        }
    }

    public Task<bool> SettleAsync(string callId, Usage usage, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var entry) || entry.Usage is not null)
            {
                return Task.FromResult(false);
            }

            _calls[callId] = entry with { Usage = usage };
            foreach (var budget in entry.Call.Budgets)
            {
                var account = Account(budget);
                _accounts[budget] = account with { Settled = account.Settled + usage.CostMicros, Open = account.Open - entry.Call.Amount };
            }

            return Task.FromResult(true);
        }
    }

    public Task MarkJournaledAsync(string callId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_calls.TryGetValue(callId, out var entry))
            {
                _calls[callId] = entry with { Journaled = true };
            }

            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<UnjournaledCall>> FindUnjournaledAsync(JobId job, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<UnjournaledCall>>(
            [
                .. _calls.Values.Where(entry => entry.Call.Job == job && !entry.Journaled)
                    .Select(entry => new UnjournaledCall(entry.Call.CallId, entry.Call.Stage, entry.Call.Model, entry.Call.Amount, entry.Usage)),
            ]);
        }
    }

    public Task<BudgetAccount> ReadAccountAsync(BudgetKey budget, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Account(budget));
        }
    }

    public Task SetLimitAsync(BudgetKey budget, long? limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _accounts[budget] = Account(budget) with { Limit = limit };
            return Task.CompletedTask;
        }
    }

    public Task HoldAsync(BudgetHold hold, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _holds[hold.Job] = hold;
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<BudgetHold>> ReadHoldsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<BudgetHold>>([.. _holds.Values]);
        }
    }

    public Task RemoveHoldAsync(JobId job, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _holds.Remove(job);
            return Task.CompletedTask;
        }
    }

    private Reservation Reserve(LedgerCall call, BudgetLimits limits)
    {
        if (_calls.ContainsKey(call.CallId))
        {
            return new Reservation.Made();
        }

        foreach (var budget in call.Budgets)
        {
            var account = Account(budget);
            if (!account.Covers(call.Amount, limits[budget.Scope]))
            {
                return new Reservation.Refused(budget, (account.Limit ?? limits[budget.Scope])!.Value, account.Settled, account.Open, call.Amount);
            }
        }

        foreach (var budget in call.Budgets)
        {
            var account = Account(budget);
            _accounts[budget] = account with { Open = account.Open + call.Amount };
        }

        _calls.Add(call.CallId, new Entry(call, null, Journaled: false));
        _holds.Remove(call.Job);
        return new Reservation.Made();
    }

    private BudgetAccount Account(BudgetKey budget) => _accounts.GetValueOrDefault(budget, BudgetAccount.Empty);

    private sealed record Entry(LedgerCall Call, Usage? Usage, bool Journaled);
}
