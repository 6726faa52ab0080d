using AiCd.Actors.Journal;

namespace AiCd.Web.Streams;

/// <summary>Puts what several shards took in into the order in which it happened.</summary>
internal static class TimeOrder
{
    /// <returns>By time. A shard's own order stays, whatever the clocks of the nodes said that owned it one after the other.</returns>
    public static IReadOnlyList<JournalRow> Of(IReadOnlyList<JournalRow> rows)
    {
        var latest = new Dictionary<int, DateTimeOffset>();
        var timed = new List<(JournalRow Row, DateTimeOffset Time)>(rows.Count);
        foreach (var row in rows)
        {
            var time = latest.TryGetValue(row.Shard, out var before) && before > row.RecordedAt ? before : row.RecordedAt;
            latest[row.Shard] = time;
            timed.Add((row, time));
        }

        return [.. timed.OrderBy(row => row.Time).Select(row => row.Row)];
    }
}
