using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using Npgsql;
using NpgsqlTypes;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresLedger(PostgresDatabase database) : ILedger
{
    private static readonly string[] Scopes = [.. Enum.GetValues<BudgetScope>().Select(WireNames.Of)];

    /// <summary>What was reserved, spent or held is known after a crash too, whatever the server, the role or the connection was set to.</summary>
    private static NpgsqlBatchCommand Durable() => Statement("set local synchronous_commit to on");

    public async Task<Reservation> ReserveAsync(LedgerCall call, BudgetLimits limits, CancellationToken cancellationToken)
    {
        var budgets = call.Budgets;
        var refused = await database.QueryAsync(
            reader => new Reservation.Refused(
                budgets.First(budget => WireNames.Of(budget.Scope) == reader.GetString(0)), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), call.Amount),
            cancellationToken,
            Durable(),
            Statement(
                "select * from aicd_ledger_reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                Value(call.CallId),
                Value(call.Job.Value),
                Value(call.Tenant),
                Value(call.Repository),
                Value(call.Month),
                Value(WireNames.Of(call.Stage)),
                Value(call.Model),
                Value(call.Amount),
                Value(budgets.Select(budget => WireNames.Of(budget.Scope)).ToArray()),
                Value(budgets.Select(budget => budget.Key).ToArray()),
                Value(budgets.Select(budget => limits[budget.Scope]).ToArray())));
        return refused.Count > 0 ? refused[0] : new Reservation.Made();
    }

    public async Task<bool> SettleAsync(string callId, Usage usage, CancellationToken cancellationToken)
    {
        var settled = await database.QueryAsync(
            reader => reader.GetBoolean(0),
            cancellationToken,
            Durable(),
            Statement(
                "select aicd_ledger_settle($1, $2, $3, $4, $5, $6, $7)",
                Value(callId),
                Value(usage.CostMicros),
                Value(usage.InputTokens),
                Value(usage.OutputTokens),
                Value(usage.CachedTokens),
                Value(usage.ReasoningTokens),
                Value(Scopes)));
        return settled[0];
    }

    public Task MarkJournaledAsync(string callId, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken, Statement("update ledger_calls set journaled = true where call_id = $1", Value(callId)));

    public async Task<IReadOnlyList<UnjournaledCall>> FindUnjournaledAsync(JobId job, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            static reader => new UnjournaledCall(
                reader.GetString(0),
                WireNames.TryParse<Stage>(reader.GetString(1), out var stage) ? stage : Stage.Coding,
                reader.GetString(2),
                reader.GetInt64(3),
                reader.IsDBNull(4)
                    ? null
                    : new Usage(reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(4))),
            cancellationToken,
            Statement(
                "select call_id, stage, model, reserved, cost, input_tokens, output_tokens, cached_tokens, reasoning_tokens "
                + "from ledger_calls where job_id = $1 and not journaled order by reserved_at, call_id",
                Value(job.Value)));

    public async Task<BudgetAccount> ReadAccountAsync(BudgetKey budget, CancellationToken cancellationToken)
    {
        var accounts = await database.QueryAsync(
            static reader => new BudgetAccount(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2)),
            cancellationToken,
            Statement(
                "select settled, open, spending_limit from ledger_accounts where tenant = $1 and scope = $2 and key = $3",
                Value(budget.Tenant),
                Value(WireNames.Of(budget.Scope)),
                Value(budget.Key)));
        return accounts.Count > 0 ? accounts[0] : BudgetAccount.Empty;
    }

    public Task SetLimitAsync(BudgetKey budget, long? limit, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement(
            "insert into ledger_accounts (tenant, scope, key, spending_limit) values ($1, $2, $3, $4) "
            + "on conflict (tenant, scope, key) do update set spending_limit = excluded.spending_limit",
            Value(budget.Tenant),
            Value(WireNames.Of(budget.Scope)),
            Value(budget.Key),
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = limit is { } set ? set : DBNull.Value }));

    public Task HoldAsync(BudgetHold hold, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Durable(),
        Statement(
            "insert into ledger_holds (job_id, tenant, repository, amount) values ($1, $2, $3, $4) "
            + "on conflict (job_id) do update set amount = excluded.amount",
            Value(hold.Job.Value),
            Value(hold.Tenant),
            Value(hold.Repository),
            Value(hold.Amount)));

    public async Task<IReadOnlyList<BudgetHold>> ReadHoldsAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync(
            static reader => new BudgetHold(JobId.Parse(reader.GetString(0)), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)),
            cancellationToken,
            Statement("select job_id, tenant, repository, amount from ledger_holds order by job_id"));

    public Task RemoveHoldAsync(JobId job, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken, Statement("delete from ledger_holds where job_id = $1", Value(job.Value)));
}
