using System.Globalization;

namespace AiCd.Web.Dashboard.Rendering.Text;

/// <summary>Durations and ages as people read them, in at most two units.</summary>
internal static class Durations
{
    public static string Of(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalMilliseconds: < 1_000 } => Number($"{duration.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 10 } => Number($"{duration.TotalSeconds:0.0} s"),
        { TotalSeconds: < 60 } => Number($"{Math.Floor(duration.TotalSeconds):0} s"),
        { TotalMinutes: < 60 } => Number($"{duration.Minutes} min {duration.Seconds:00} s"),
        { TotalHours: < 24 } => Number($"{duration.Hours} h {duration.Minutes:00} min"),
        _ => Number($"{(int)duration.TotalDays} d {duration.Hours} h"),
    };

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => now - at < TimeSpan.FromSeconds(2) ? "now" : $"{Of(now - at)} ago";

    /// <summary>For lists, where one unit is enough and nothing should flicker.</summary>
    public static string Age(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 2 } => "now",
        { TotalSeconds: < 60 } age => Number($"{Math.Floor(age.TotalSeconds):0} s ago"),
        { TotalMinutes: < 60 } age => Number($"{Math.Floor(age.TotalMinutes):0} min ago"),
        { TotalHours: < 48 } age => Number($"{Math.Floor(age.TotalHours):0} h ago"),
        var age => Number($"{Math.Floor(age.TotalDays):0} d ago"),
    };

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
