using System.Globalization;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Host.Output;

/// <summary>What changed in each file of a unified diff, as git shows it.</summary>
internal static class DiffStat
{
    private const int MaxBar = 40;

    public static string Totals(CommittedChange change) =>
        $"{Count(change.FilesChanged, "file")} changed, {Count(change.Insertions, "insertion")}(+), {Count(change.Deletions, "deletion")}(-)";

    /// <returns>One line a file: name, changed lines, and a bar of + and -.</returns>
    public static IReadOnlyList<string> Lines(string diff)
    {
        var files = Files(diff);
        var width = files.Count == 0 ? 0 : files.Max(file => file.Path.Length);
        var most = files.Count == 0 ? 0 : files.Max(file => file.Added + file.Removed);
        var scale = Math.Min(1.0, (double)MaxBar / Math.Max(1, most));
        return [.. files.Select(file => string.Create(
            CultureInfo.InvariantCulture, $"{file.Path.PadRight(width)} | {file.Added + file.Removed,4} {Bar('+', file.Added, scale)}{Bar('-', file.Removed, scale)}").TrimEnd())];
    }

    public static IReadOnlyList<ChangedFile> Files(string diff)
    {
        var files = new List<ChangedFile>();
        var (oldLeft, newLeft) = (0, 0);
        foreach (var line in diff.Split('\n'))
        {
            // Inside a hunk its header's counts say what a line is: a removed line may look like a header.
            if (oldLeft > 0 || newLeft > 0)
            {
                var kind = line.Length > 0 ? line[0] : ' ';
                oldLeft -= kind is ' ' or '-' ? 1 : 0;
                newLeft -= kind is ' ' or '+' ? 1 : 0;
                files[^1] = files[^1].With(kind);
            }
            else if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                files.Add(new ChangedFile(PathOf(line), 0, 0));
            }
            else if (files.Count > 0 && line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                files[^1] = files[^1] with { Path = TerminalText.Line(line["+++ b/".Length..], 200) };
            }
            else if (files.Count > 0 && line.StartsWith("@@ -", StringComparison.Ordinal))
            {
                (oldLeft, newLeft) = Counts(line);
            }
        }

        return files;
    }

    private static string PathOf(string header) =>
        TerminalText.Line(header[(header.LastIndexOf(" b/", StringComparison.Ordinal) is var at && at >= 0 ? at + 3 : "diff --git ".Length)..], 200);

    /// <returns>The lines of a hunk <c>@@ -start,old +start,new @@</c>; a count that is left out is 1.</returns>
    private static (int Old, int New) Counts(string header)
    {
        var parts = header.Split(' ');
        return parts.Length > 2 ? (CountOf(parts[1]), CountOf(parts[2])) : (0, 0);
    }

    private static int CountOf(string range)
    {
        var comma = range.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? 1 : int.TryParse(range.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    private static string Bar(char mark, int count, double scale) => new(mark, count == 0 ? 0 : Math.Max(1, (int)(count * scale)));

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}

/// <param name="Added">Lines.</param>
/// <param name="Removed">Lines.</param>
internal sealed record ChangedFile(string Path, int Added, int Removed)
{
    public ChangedFile With(char kind) => kind switch
    {
        '+' => this with { Added = Added + 1 },
        '-' => this with { Removed = Removed + 1 },
        _ => this,
    };
}
