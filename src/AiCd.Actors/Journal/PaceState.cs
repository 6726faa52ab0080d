namespace AiCd.Actors.Journal;

/// <summary>The turns of one key as a function, for the engines that judge by the process's clock; times in milliseconds.</summary>
/// <param name="SpacedAt">No turn before this.</param>
/// <param name="BudgetAt">When the budget is whole again.</param>
/// <param name="HeldUntil">No turn before this either.</param>
internal readonly record struct PaceState(long SpacedAt, long BudgetAt, long HeldUntil)
{
    public (PaceState Next, PaceTurn Turn) Take(long now, PaceRule rule, TimeSpan patience)
    {
        var at = Math.Max(Math.Max(now, SpacedAt), HeldUntil);
        var costs = rule.Cost > TimeSpan.Zero;
        if (costs)
        {
            at = Math.Max(at, BudgetAt - Milliseconds(rule.Burst));
        }

        var wait = TimeSpan.FromMilliseconds(at - now);
        if (wait > patience)
        {
            return (this, new PaceTurn(false, wait));
        }

        var budget = costs ? Math.Max(BudgetAt, at) + Milliseconds(rule.Cost) : BudgetAt;
        return (this with { SpacedAt = at + Milliseconds(rule.Spacing), BudgetAt = budget }, new PaceTurn(true, wait));
    }

    public PaceState Hold(long now, TimeSpan duration) => this with { HeldUntil = Math.Max(HeldUntil, now + Milliseconds(duration)) };

    public TimeSpan HeldFor(long now) => TimeSpan.FromMilliseconds(Math.Max(0, HeldUntil - now));

    /// <summary>Rounded up: a turn never comes early.</summary>
    private static long Milliseconds(TimeSpan span) => (long)Math.Ceiling(span.TotalMilliseconds);
}
