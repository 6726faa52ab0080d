using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    private static readonly BudgetLimits NoLimits = new(null, null, null);

    [Fact]
    public async Task A_reservation_counts_in_every_budget_until_it_is_settled()
    {
        var job = NewJob(1);
        var call = Call("one", job, 100);

        (await Store.Ledger.ReserveAsync(call, NoLimits, Token)).ShouldBe(new Reservation.Made());
        foreach (var budget in call.Budgets)
        {
            (await Store.Ledger.ReadAccountAsync(budget, Token)).ShouldBe(new BudgetAccount(0, 100, null));
        }

        (await Store.Ledger.SettleAsync("one", new Usage(10, 5, 3, 1, 40), Token)).ShouldBeTrue();
        (await Store.Ledger.SettleAsync("one", new Usage(10, 5, 3, 1, 99), Token)).ShouldBeFalse();
        (await Store.Ledger.SettleAsync("two", new Usage(10, 5, 3, 1, 99), Token)).ShouldBeFalse();
        foreach (var budget in call.Budgets)
        {
            (await Store.Ledger.ReadAccountAsync(budget, Token)).ShouldBe(new BudgetAccount(40, 0, null));
        }
    }

    [Theory]
    [InlineData(BudgetScope.Job)]
    [InlineData(BudgetScope.Repository)]
    [InlineData(BudgetScope.TenantMonth)]
    public async Task A_budget_that_does_not_cover_a_call_refuses_it_and_nothing_is_set_aside(BudgetScope scope)
    {
        var job = NewJob(1);
        var limits = new BudgetLimits(
            scope == BudgetScope.Job ? 150 : 1_000, scope == BudgetScope.Repository ? 150 : 1_000, scope == BudgetScope.TenantMonth ? 150 : 1_000);
        await Store.Ledger.ReserveAsync(Call("one", job, 50), limits, Token);
        await Store.Ledger.SettleAsync("one", Usage.None with { CostMicros = 50 }, Token);
        await Store.Ledger.ReserveAsync(Call("two", job, 60), limits, Token);

        var refused = (await Store.Ledger.ReserveAsync(Call("three", job, 41), limits, Token)).ShouldBeOfType<Reservation.Refused>();

        refused.ShouldBe(new Reservation.Refused(Call("three", job, 41).Budgets.Single(budget => budget.Scope == scope), 150, 50, 60, 41));
        refused.MayFitLater.ShouldBeTrue();
        foreach (var budget in Call("three", job, 41).Budgets)
        {
            (await Store.Ledger.ReadAccountAsync(budget, Token)).ShouldBe(new BudgetAccount(50, 60, null));
        }

        (await Store.Ledger.ReserveAsync(Call("four", job, 40), limits, Token)).ShouldBeOfType<Reservation.Made>();
    }

    [Fact]
    public async Task The_same_call_is_reserved_once()
    {
        var call = Call("one", NewJob(1), 100);

        await Store.Ledger.ReserveAsync(call, NoLimits, Token);
        await Store.Ledger.ReserveAsync(call, NoLimits, Token);

        (await Store.Ledger.ReadAccountAsync(call.Budgets[0], Token)).Open.ShouldBe(100);
    }

    [Fact]
    public async Task A_limit_that_was_set_counts_instead_of_the_configured_one()
    {
        var call = Call("one", NewJob(1), 100);
        var limits = new BudgetLimits(99, null, null);
        (await Store.Ledger.ReserveAsync(call, limits, Token)).ShouldBeOfType<Reservation.Refused>().Limit.ShouldBe(99);

        await Store.Ledger.SetLimitAsync(call.Budgets[0], 100, Token);
        (await Store.Ledger.ReserveAsync(call, limits, Token)).ShouldBeOfType<Reservation.Made>();
        await Store.Ledger.SetLimitAsync(call.Budgets[0], null, Token);

        (await Store.Ledger.ReserveAsync(Call("two", call.Job, 1), limits, Token)).ShouldBeOfType<Reservation.Refused>().Limit.ShouldBe(99);
        (await Store.Ledger.ReadAccountAsync(call.Budgets[0], Token)).ShouldBe(new BudgetAccount(0, 100, null));
    }

    [Fact]
    public async Task Tenants_share_no_budget()
    {
        var limits = new BudgetLimits(null, 100, 100);
        await Store.Ledger.ReserveAsync(Call("one", NewJob(1), 100), limits, Token);

        (await Store.Ledger.ReserveAsync(Call("two", NewJob(1), 100) with { Tenant = "acme" }, limits, Token)).ShouldBeOfType<Reservation.Made>();
        (await Store.Ledger.ReserveAsync(Call("three", NewJob(1), 1), limits, Token)).ShouldBeOfType<Reservation.Refused>();
        (await Store.Ledger.ReserveAsync(Call("four", NewJob(1), 1) with { Month = "2030-02", Repository = "other" }, limits, Token)).ShouldBeOfType<Reservation.Made>();
    }

    [Fact]
    public async Task Calls_that_no_history_has_are_found_again()
    {
        var job = NewJob(1);
        foreach (var name in (string[])["open", "settled", "journaled"])
        {
            await Store.Ledger.ReserveAsync(Call(name, job, 100), NoLimits, Token);
        }

        await Store.Ledger.ReserveAsync(Call("other", NewJob(2), 100), NoLimits, Token);
        await Store.Ledger.SettleAsync("settled", new Usage(1, 2, 3, 4, 5), Token);
        await Store.Ledger.SettleAsync("journaled", new Usage(1, 2, 3, 4, 5), Token);
        await Store.Ledger.MarkJournaledAsync("journaled", Token);

        (await Store.Ledger.FindUnjournaledAsync(job, Token)).ShouldBe(
        [
            new UnjournaledCall("open", Stage.Coding, "model", 100, null),
            new UnjournaledCall("settled", Stage.Coding, "model", 100, new Usage(1, 2, 3, 4, 5)),
        ]);
    }

    [Fact]
    public async Task A_job_that_waits_for_money_is_noted_until_it_gets_some()
    {
        var (job, other) = (NewJob(1), NewJob(2));
        await Store.Ledger.HoldAsync(new BudgetHold(job, "default", "repo", 5), Token);
        await Store.Ledger.HoldAsync(new BudgetHold(job, "default", "repo", 7), Token);
        await Store.Ledger.HoldAsync(new BudgetHold(other, "default", "repo", 9), Token);
        (await Store.Ledger.ReadHoldsAsync(Token)).ShouldBe(
            [new BudgetHold(job, "default", "repo", 7), new BudgetHold(other, "default", "repo", 9)], ignoreOrder: true);

        await Store.Ledger.ReserveAsync(Call("one", job, 7), NoLimits, Token);
        await Store.Ledger.RemoveHoldAsync(other, Token);

        (await Store.Ledger.ReadHoldsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_in_parallel_never_overspend_together()
    {
        const int callers = 40;
        var limits = new BudgetLimits(null, null, 1_000);
        var made = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, callers), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, token) =>
        {
            if (await Store.Ledger.ReserveAsync(Call($"call-{i}", NewJob(i % 8), 100), limits, token) is Reservation.Made)
            {
                Interlocked.Increment(ref made);
            }
        });

        made.ShouldBe(10);
        (await Store.Ledger.ReadAccountAsync(new BudgetKey("default", BudgetScope.TenantMonth, "2030-01"), Token)).ShouldBe(new BudgetAccount(0, 1_000, null));
    }

    private static LedgerCall Call(string id, JobId job, long amount) => new(id, job, "default", "repo", "2030-01", Stage.Coding, "model", amount);
}
