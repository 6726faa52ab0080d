namespace AiCd.Actors.Journal;

internal static class Incarnations
{
    /// <returns>A name that no start of any node has had; ids of version 7 sort by age.</returns>
    public static string New(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");
}
