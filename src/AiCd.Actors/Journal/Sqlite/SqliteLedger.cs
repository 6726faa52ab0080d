using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteLedger(SqliteDatabase database, TimeProvider time) : ILedger
{
    public Task<Reservation> ReserveAsync(LedgerCall call, BudgetLimits limits, CancellationToken cancellationToken) =>
        database.WriteAsync(Durability.Full, session => Reserve(session, call, limits), cancellationToken);

    public Task<bool> SettleAsync(string callId, Usage usage, CancellationToken cancellationToken) =>
        database.WriteAsync(Durability.Full, session => Settle(session, callId, usage), cancellationToken);

    public Task MarkJournaledAsync(string callId, CancellationToken cancellationToken) => WriteAsync(
        session => session.Prepare("update ledger_calls set journaled = 1 where call_id = ?").Bind(1, callId), cancellationToken);

    public Task<IReadOnlyList<UnjournaledCall>> FindUnjournaledAsync(JobId job, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<UnjournaledCall>>(
            session =>
            {
                var calls = new List<UnjournaledCall>();
                var statement = session.Prepare(
                    "select call_id, stage, model, reserved, settled_at, input_tokens, output_tokens, cached_tokens, reasoning_tokens, cost "
                    + "from ledger_calls where job_id = ? and journaled = 0 order by rowid").Bind(1, job.Value);
                while (statement.Step())
                {
                    var usage = statement.IsNull(4)
                        ? null
                        : new Usage(statement.Int64(5), statement.Int64(6), statement.Int64(7), statement.Int64(8), statement.Int64(9));
                    calls.Add(new UnjournaledCall(
                        statement.Text(0), WireNames.TryParse<Stage>(statement.Text(1), out var stage) ? stage : Stage.Coding, statement.Text(2), statement.Int64(3), usage));
                }

                return calls;
            },
            cancellationToken);

    public Task<BudgetAccount> ReadAccountAsync(BudgetKey budget, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ReadAccount(session, budget), cancellationToken);

    public Task SetLimitAsync(BudgetKey budget, long? limit, CancellationToken cancellationToken) => WriteAsync(
        session => session.Prepare(
                "insert into ledger_accounts (tenant, scope, key, spending_limit) values (?, ?, ?, ?) "
                + "on conflict (tenant, scope, key) do update set spending_limit = excluded.spending_limit")
            .Bind(1, budget.Tenant).Bind(2, WireNames.Of(budget.Scope)).Bind(3, budget.Key).Bind(4, limit),
        cancellationToken);

    public Task HoldAsync(BudgetHold hold, CancellationToken cancellationToken) => WriteAsync(
        session => session.Prepare("insert or replace into ledger_holds (job_id, tenant, repository, amount) values (?, ?, ?, ?)")
            .Bind(1, hold.Job.Value).Bind(2, hold.Tenant).Bind(3, hold.Repository).Bind(4, hold.Amount),
        cancellationToken);

    public Task<IReadOnlyList<BudgetHold>> ReadHoldsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<BudgetHold>>(
            session =>
            {
                var holds = new List<BudgetHold>();
                var statement = session.Prepare("select job_id, tenant, repository, amount from ledger_holds order by job_id");
                while (statement.Step())
                {
                    holds.Add(new BudgetHold(JobId.Parse(statement.Text(0)), statement.Text(1), statement.Text(2), statement.Int64(3)));
                }

                return holds;
            },
            cancellationToken);

    public Task RemoveHoldAsync(JobId job, CancellationToken cancellationToken) => WriteAsync(
        session => session.Prepare("delete from ledger_holds where job_id = ?").Bind(1, job.Value), cancellationToken);

    private static BudgetAccount ReadAccount(SqliteSession session, BudgetKey budget)
    {
        var statement = session.Prepare("select settled, open, spending_limit from ledger_accounts where tenant = ? and scope = ? and key = ?")
            .Bind(1, budget.Tenant).Bind(2, WireNames.Of(budget.Scope)).Bind(3, budget.Key);
        if (!statement.Step())
        {
            return BudgetAccount.Empty;
        }

        var account = new BudgetAccount(statement.Int64(0), statement.Int64(1), statement.IsNull(2) ? null : statement.Int64(2));
        statement.Reset();
        return account;
    }

    private static bool Exists(SqliteSession session, string callId)
    {
        var statement = session.Prepare("select 1 from ledger_calls where call_id = ?").Bind(1, callId);
        var exists = statement.Step();
        statement.Reset();
        return exists;
    }

    private static bool Settle(SqliteSession session, string callId, Usage usage, long now)
    {
        var statement = session.Prepare(
            "update ledger_calls set settled_at = ?, cost = ?, input_tokens = ?, output_tokens = ?, cached_tokens = ?, reasoning_tokens = ? "
            + "where call_id = ? and settled_at is null");
        return statement.Bind(1, now).Bind(2, usage.CostMicros).Bind(3, usage.InputTokens).Bind(4, usage.OutputTokens)
            .Bind(5, usage.CachedTokens).Bind(6, usage.ReasoningTokens).Bind(7, callId).Run() > 0;
    }

    private bool Settle(SqliteSession session, string callId, Usage usage)
    {
        if (!Settle(session, callId, usage, time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            return false;
        }

        var call = session.Prepare("select job_id, tenant, repository, month, reserved from ledger_calls where call_id = ?").Bind(1, callId);
        call.Step();
        var budgets = LedgerCall.BudgetsOf(JobId.Parse(call.Text(0)), call.Text(1), call.Text(2), call.Text(3));
        var reserved = call.Int64(4);
        call.Reset();
        foreach (var budget in budgets)
        {
            Move(session, budget, settled: usage.CostMicros, open: -reserved);
        }

        session.Commit();
        return true;
    }

    private static void Move(SqliteSession session, BudgetKey budget, long settled, long open) =>
        session.Prepare(
                "insert into ledger_accounts (tenant, scope, key, settled, open) values (?, ?, ?, ?, ?) "
                + "on conflict (tenant, scope, key) do update set settled = settled + excluded.settled, open = open + excluded.open")
            .Bind(1, budget.Tenant).Bind(2, WireNames.Of(budget.Scope)).Bind(3, budget.Key).Bind(4, settled).Bind(5, open).Run();

    private Reservation Reserve(SqliteSession session, LedgerCall call, BudgetLimits limits)
    {
        if (Exists(session, call.CallId))
        {
            return new Reservation.Made();
        }

        foreach (var budget in call.Budgets)
        {
            var account = ReadAccount(session, budget);
            if (!account.Covers(call.Amount, limits[budget.Scope]))
            {
                return new Reservation.Refused(budget, (account.Limit ?? limits[budget.Scope])!.Value, account.Settled, account.Open, call.Amount);
            }
        }

        foreach (var budget in call.Budgets)
        {
            Move(session, budget, settled: 0, open: call.Amount);
        }

        session.Prepare(
                "insert into ledger_calls (call_id, job_id, tenant, repository, month, stage, model, reserved, reserved_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(1, call.CallId).Bind(2, call.Job.Value).Bind(3, call.Tenant).Bind(4, call.Repository).Bind(5, call.Month)
            .Bind(6, WireNames.Of(call.Stage)).Bind(7, call.Model).Bind(8, call.Amount).Bind(9, time.GetUtcNow().ToUnixTimeMilliseconds()).Run();
        session.Prepare("delete from ledger_holds where job_id = ?").Bind(1, call.Job.Value).Run();
        session.Commit();
        return new Reservation.Made();
    }

    private Task<bool> WriteAsync(Func<SqliteSession, SqliteStatement> statement, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                statement(session).Run();
                session.Commit();
                return true;
            },
            cancellationToken);
}
