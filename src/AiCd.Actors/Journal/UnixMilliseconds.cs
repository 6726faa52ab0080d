namespace AiCd.Actors.Journal;

/// <summary>Stored times are whole milliseconds in every engine, so that an event reads the same wherever it is kept.</summary>
internal static class UnixMilliseconds
{
    public static DateTimeOffset Truncate(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
