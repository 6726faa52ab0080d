using AiCd.Host.Output;

namespace AiCd.Host.Issues;

/// <summary>Finds the title of an issue that comes as one text.</summary>
internal static class IssueTitle
{
    public const int MaxLength = 200;

    /// <returns>
    /// The first line where it is a heading, else the first heading of the first level, else the first line; code blocks count for
    /// nothing. Null where no line has anything to show.
    /// </returns>
    public static string? Of(string text)
    {
        var lines = Lines(text).ToList();
        var heading = lines.Take(1).FirstOrDefault(IsHeading) ?? lines.FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal));
        var title = heading ?? lines.FirstOrDefault();
        return title is null ? null : Clean(title.TrimStart('#'));
    }

    /// <returns>The title as one line without anything that could act on a terminal; null where nothing is left.</returns>
    public static string? Clean(string title) => TerminalText.Line(title, MaxLength).Trim() is { Length: > 0 } line ? line : null;

    private static IEnumerable<string> Lines(string text)
    {
        var inCode = false;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal))
            {
                inCode = !inCode;
            }
            else if (!inCode && Clean(line.TrimStart('#')) is not null)
            {
                yield return line;
            }
        }
    }

    private static bool IsHeading(string line) =>
        line.IndexOfAnyExcept('#') is >= 1 and <= 6 and var level && line[level] == ' ';
}
