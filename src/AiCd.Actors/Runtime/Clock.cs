namespace AiCd.Actors.Runtime;

internal static class Clock
{
    /// <summary>Now, in the whole milliseconds that journals keep: what is replayed equals what was live.</summary>
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
