using AiCd.Actors.Ports;

namespace AiCd.Forge.Paths;

/// <summary>How a path that must not leave a workspace is refused.</summary>
internal static class PathRefusal
{
    public const string Code = "path_refused";

    private const int LongestShown = 200;

    /// <param name="reason">Completes the sentence "The path ...".</param>
    public static StageException Because(string path, string reason) =>
        new(FaultKind.Permanent, Code, $"The path '{Shown(path)}' {reason}");

    /// <summary>The path with everything escaped that could disturb a terminal or a log.</summary>
    public static string Shown(string path)
    {
        var shown = string.Concat(path.EnumerateRunes().Take(LongestShown).Select(rune =>
            Glyphs.IsVisible(rune) ? rune.ToString() : $"\\u{{{rune.Value:x}}}"));
        return path.Length > LongestShown ? shown + "…" : shown;
    }
}
