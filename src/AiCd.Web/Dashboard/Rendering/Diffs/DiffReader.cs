using System.Globalization;
using System.Text.RegularExpressions;

namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>
/// Reads what <c>git diff</c> writes. Lines of a hunk are counted by its header, so that a changed line which looks like a header is
/// still a changed line. What cannot be read is passed over: a page must not fail because of a diff.
/// </summary>
internal static partial class DiffReader
{
    private const string FileHeader = "diff --git ";

    public static IReadOnlyList<DiffFile> Read(string diff)
    {
        var lines = new Lines(diff);
        var files = new List<DiffFile>();
        while (lines.Current is { } line)
        {
            lines.Advance();
            if (line.StartsWith(FileHeader, StringComparison.Ordinal))
            {
                files.Add(ReadFile(lines, line));
            }
        }

        return files;
    }

    private static DiffFile ReadFile(Lines lines, string header)
    {
        var (oldPath, newPath) = PathsOf(header);
        var notes = new List<string>();
        var hunks = new List<DiffHunk>();
        var binary = false;
        while (lines.Current is { } line && !line.StartsWith(FileHeader, StringComparison.Ordinal))
        {
            lines.Advance();
            switch (line)
            {
                case var _ when line.StartsWith("@@ ", StringComparison.Ordinal):
                    if (ReadHunk(lines, line) is { } hunk)
                    {
                        hunks.Add(hunk);
                    }

                    break;
                case var _ when line.StartsWith("--- ", StringComparison.Ordinal):
                    oldPath = GitPath.Side(line[4..]);
                    break;
                case var _ when line.StartsWith("+++ ", StringComparison.Ordinal):
                    newPath = GitPath.Side(line[4..]);
                    break;
                case var _ when line.StartsWith("rename from ", StringComparison.Ordinal):
                    oldPath = GitPath.Unquote(line[12..]);
                    break;
                case var _ when line.StartsWith("rename to ", StringComparison.Ordinal):
                    newPath = GitPath.Unquote(line[10..]);
                    break;
                case var _ when line.StartsWith("new file mode ", StringComparison.Ordinal):
                    oldPath = null;
                    notes.Add(line);
                    break;
                case var _ when line.StartsWith("deleted file mode ", StringComparison.Ordinal):
                    newPath = null;
                    notes.Add(line);
                    break;
                case var _ when line.StartsWith("Binary files ", StringComparison.Ordinal) || line == "GIT binary patch":
                    binary = true;
                    break;
                case var _ when line.StartsWith("old mode ", StringComparison.Ordinal) || line.StartsWith("new mode ", StringComparison.Ordinal):
                    notes.Add(line);
                    break;
            }
        }

        return new DiffFile(oldPath, newPath, binary, notes, hunks);
    }

    private static DiffHunk? ReadHunk(Lines lines, string header)
    {
        if (HunkHeader().Match(header) is not { Success: true } match)
        {
            return null;
        }

        var (oldStart, newStart) = (Number(match.Groups[1], 0), Number(match.Groups[3], 0));
        var (oldLeft, newLeft) = (Number(match.Groups[2], 1), Number(match.Groups[4], 1));
        var (old, @new) = (oldStart, newStart);
        var read = new List<DiffLine>();
        while (lines.Current is { } line && (oldLeft > 0 || newLeft > 0 || line.StartsWith('\\')))
        {
            switch (line.Length == 0 ? ' ' : line[0])
            {
                case '+':
                    read.Add(new DiffLine(DiffLineKind.Added, null, @new++, line[1..]));
                    newLeft--;
                    break;
                case '-':
                    read.Add(new DiffLine(DiffLineKind.Removed, old++, null, line[1..]));
                    oldLeft--;
                    break;
                case ' ':
                    read.Add(new DiffLine(DiffLineKind.Context, old++, @new++, line.Length == 0 ? "" : line[1..]));
                    oldLeft--;
                    newLeft--;
                    break;
                case '\\' when read.Count > 0:
                    read[^1] = read[^1] with { EndsFile = true };
                    break;
                default:
                    return new DiffHunk(oldStart, newStart, match.Groups[5].Value.Trim(), read);
            }

            lines.Advance();
        }

        return new DiffHunk(oldStart, newStart, match.Groups[5].Value.Trim(), read);
    }

    /// <summary>Of a header alone, which is all that a change of mode or a binary file has: both paths are the same there.</summary>
    private static (string? Old, string? New) PathsOf(string header)
    {
        var text = header[FileHeader.Length..];
        var half = (text.Length - 1) / 2;
        return text.Length > 5 && text.Length % 2 == 1 && text[half] == ' ' && GitPath.Side(text[..half]) is { } path && path == GitPath.Side(text[(half + 1)..])
            ? (path, path)
            : (text, text);
    }

    private static int Number(Group group, int missing) =>
        int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : missing;

    [GeneratedRegex(@"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$")]
    private static partial Regex HunkHeader();

    private sealed class Lines
    {
        private readonly string _text;
        private int _next;

        public Lines(string text)
        {
            _text = text;
            Advance();
        }

        /// <summary>Null at the end.</summary>
        public string? Current { get; private set; }

        public void Advance()
        {
            if (_next >= _text.Length)
            {
                Current = null;
                return;
            }

            var end = _text.IndexOf('\n', _next);
            end = end < 0 ? _text.Length : end;
            Current = _text[_next..end];
            _next = end + 1;
        }
    }
}
