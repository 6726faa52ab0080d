using AiCd.Actors.Jobs;

namespace AiCd.Actors.Projections;

/// <summary>Percentiles as PostgreSQL's <c>percentile_cont</c> gives them: between two values in proportion.</summary>
internal static class Percentiles
{
    public static StageDuration Of(Stage stage, IEnumerable<long> durations)
    {
        var sorted = durations.Where(duration => duration > 0).Order().ToList();
        return new StageDuration(stage, sorted.Count, At(sorted, 0.5), At(sorted, 0.95));
    }

    public static IReadOnlyList<StageDuration> Of(IReadOnlyCollection<StageTimes> times) =>
    [
        Of(Stage.Planning, times.Select(time => time.Planning)),
        Of(Stage.Coding, times.Select(time => time.Coding)),
        Of(Stage.Reviewing, times.Select(time => time.Reviewing)),
        Of(Stage.PrOpen, times.Select(time => time.PrOpen)),
    ];

    private static double? At(List<long> sorted, double fraction)
    {
        if (sorted.Count == 0)
        {
            return null;
        }

        var place = fraction * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
