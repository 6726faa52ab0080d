namespace AiCd.Benchmarks.Measures;

internal static class Percentiles
{
    /// <param name="sorted">Ascending; not empty.</param>
    public static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
}
