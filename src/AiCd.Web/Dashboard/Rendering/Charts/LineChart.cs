using System.Globalization;

namespace AiCd.Web.Dashboard.Rendering.Charts;

/// <summary>The geometry of a chart over time: pure numbers in, SVG coordinates out.</summary>
internal static class LineChart
{
    /// <param name="values">Oldest first; null where nothing is known, which leaves a gap.</param>
    /// <param name="top">The value at the upper edge; at least the largest.</param>
    /// <returns>Data of an SVG path; empty where there is nothing to draw.</returns>
    public static string Path(IReadOnlyList<double?> values, double top, double width, double height)
    {
        var parts = new List<string>(values.Count);
        var step = values.Count > 1 ? width / (values.Count - 1) : 0;
        var pen = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                pen = false;
                continue;
            }

            var y = top > 0 ? height - (Math.Clamp(value / top, 0, 1) * height) : height;
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{i * step:0.##} {y:0.##}"));
            pen = true;
        }

        return string.Concat(parts);
    }

    /// <returns>Data of an SVG path for one value of as many: too short to be a line, long enough to be drawn.</returns>
    public static string Dot(int index, double value, int count, double top, double width, double height)
    {
        var x = count > 1 ? index * width / (count - 1) : 0;
        var y = top > 0 ? height - (Math.Clamp(value / top, 0, 1) * height) : height;
        return string.Create(CultureInfo.InvariantCulture, $"M{x:0.##} {y:0.##}h0.01");
    }

    /// <summary>The next round number at or above the value: 1, 2 or 5 times a power of ten.</summary>
    public static double RoundUp(double value)
    {
        if (value <= 0 || !double.IsFinite(value))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        var lead = value / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
