using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Web.Dashboard.Pages.Board;

/// <summary>Ends and durations over time, in buckets of the same length, oldest first.</summary>
/// <param name="Median">Milliseconds of a stage's work in the jobs that ended in each bucket; null where none did.</param>
internal sealed record Throughput(
    DateTimeOffset From,
    TimeSpan Bucket,
    IReadOnlyList<double?> Completed,
    IReadOnlyList<double?> Failed,
    IReadOnlyDictionary<Stage, IReadOnlyList<double?>> Median)
{
    public const int Buckets = 24;

    /// <param name="ended">The last jobs that ended.</param>
    /// <param name="isCut">True where there are older ones than these: then only the time that they cover is drawn.</param>
    public static Throughput Of(IReadOnlyList<JobView> ended, DateTimeOffset now, TimeSpan window, bool isCut)
    {
        var oldest = isCut ? ended.Min(job => job.EndedAt) ?? now : now - window;
        var from = oldest > now - window ? oldest : now - window;
        var bucket = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, (now - from).Ticks / Buckets));
        var byBucket = ended.Where(job => job.EndedAt >= from).ToLookup(job => Math.Clamp((int)((job.EndedAt!.Value - from) / bucket), 0, Buckets - 1));
        return new Throughput(
            from,
            bucket,
            Each(i => byBucket[i].Count(job => job.State == JobState.Completed)),
            Each(i => byBucket[i].Count(job => job.State == JobState.Failed)),
            Enum.GetValues<Stage>().ToDictionary(stage => stage, stage => Each(i => MedianOf(byBucket[i].Select(job => TimeOf(job.Times, stage))))));
    }

    private static IReadOnlyList<double?> Each(Func<int, double?> value) => [.. Enumerable.Range(0, Buckets).Select(value)];

    private static double? MedianOf(IEnumerable<long> milliseconds)
    {
        var sorted = milliseconds.Where(value => value > 0).Order().ToList();
        return sorted.Count == 0 ? null : sorted[sorted.Count / 2];
    }

    private static long TimeOf(StageTimes times, Stage stage) => stage switch
    {
        Stage.Planning => times.Planning,
        Stage.Coding => times.Coding,
        Stage.Reviewing => times.Reviewing,
        _ => times.PrOpen,
    };
}
