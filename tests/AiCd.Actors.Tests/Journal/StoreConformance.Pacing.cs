using AiCd.Actors.Journal;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // The engines have clocks of their own, which run on between two calls.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_first_turn_comes_at_once_and_each_further_one_after_the_spacing()
    {
        var rule = new PaceRule(Hour, TimeSpan.Zero, TimeSpan.Zero);

        (await TakeAsync("a", rule)).ShouldBe(new PaceTurn(true, TimeSpan.Zero));
        ShouldComeAfter(await TakeAsync("a", rule), Hour);
        ShouldComeAfter(await TakeAsync("a", rule), 2 * Hour);
        (await TakeAsync("b", rule)).Wait.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_turn_that_comes_too_late_is_not_taken()
    {
        var rule = new PaceRule(Hour, TimeSpan.Zero, TimeSpan.Zero);
        await TakeAsync("a", rule);

        var late = await Store.Pacing.TakeAsync("a", rule, Minute, Token);

        late.Taken.ShouldBeFalse();
        late.Wait.ShouldBeInRange(Hour - Slack, Hour);
        ShouldComeAfter(await TakeAsync("a", rule), Hour);
    }

    [Fact]
    public async Task A_budget_gives_its_burst_at_once_and_then_what_time_brings()
    {
        var rule = new PaceRule(TimeSpan.Zero, Hour, 2 * Hour);

        for (var i = 0; i < 3; i++)
        {
            (await TakeAsync("a", rule)).Wait.ShouldBeInRange(TimeSpan.Zero, Slack);
        }

        ShouldComeAfter(await TakeAsync("a", rule), Hour);
        ShouldComeAfter(await TakeAsync("a", rule), 2 * Hour);
    }

    [Fact]
    public async Task A_turn_without_cost_leaves_the_budget_alone()
    {
        var free = new PaceRule(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var costly = new PaceRule(TimeSpan.Zero, Hour, TimeSpan.Zero);

        await TakeAsync("a", free);
        (await TakeAsync("a", costly)).Wait.ShouldBe(TimeSpan.Zero);
        (await TakeAsync("a", free)).Wait.ShouldBeInRange(TimeSpan.Zero, Slack);
        ShouldComeAfter(await TakeAsync("a", costly), Hour);
    }

    [Fact]
    public async Task A_hold_puts_every_turn_off_and_a_shorter_one_does_not_end_it()
    {
        (await Store.Pacing.HeldForAsync("a", Token)).ShouldBe(TimeSpan.Zero);
        await Store.Pacing.HoldAsync("a", Hour, Token);
        await Store.Pacing.HoldAsync("a", Minute, Token);

        (await Store.Pacing.HeldForAsync("a", Token)).ShouldBeInRange(Hour - Slack, Hour);
        (await Store.Pacing.HeldForAsync("b", Token)).ShouldBe(TimeSpan.Zero);
        ShouldComeAfter(await TakeAsync("a", new PaceRule(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)), Hour);
    }

    [Fact]
    public async Task No_two_who_ask_at_once_get_the_same_turn()
    {
        var rule = new PaceRule(Hour, TimeSpan.Zero, TimeSpan.Zero);

        var turns = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TakeAsync("a", rule))));

        turns.Select(turn => Math.Round(turn.Wait / Hour)).Order().ShouldBe(Enumerable.Range(0, 20).Select(i => (double)i));
    }

    private Task<PaceTurn> TakeAsync(string key, PaceRule rule) => Store.Pacing.TakeAsync(key, rule, TimeSpan.FromDays(30), Token);

    private static void ShouldComeAfter(PaceTurn turn, TimeSpan wait)
    {
        turn.Taken.ShouldBeTrue();
        turn.Wait.ShouldBeInRange(wait - Slack, wait + TimeSpan.FromSeconds(1));
    }
}
