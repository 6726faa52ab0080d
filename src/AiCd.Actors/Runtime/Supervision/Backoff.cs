namespace AiCd.Actors.Runtime.Supervision;

/// <summary>Exponential backoff with jitter.</summary>
public static class Backoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <param name="first">The delay after the first failure; it doubles with each further one.</param>
    /// <param name="failures">From 1.</param>
    /// <param name="jitter">From 0 to 1; spreads the delay between 80 % and 120 %.</param>
    public static TimeSpan After(TimeSpan first, int failures, double jitter)
    {
        var exponential = first * Math.Pow(2, Math.Min(failures - 1, 20));
        var bounded = exponential < Longest ? exponential : Longest;
        return bounded * (0.8 + (0.4 * jitter));
    }
}
