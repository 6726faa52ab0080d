namespace AiCd.Agents.Text;

/// <summary>A file in a diff.</summary>
/// <param name="Path">In the new version, or in the old one where the file was deleted.</param>
internal sealed record DiffFile(string Path, bool Deleted, IReadOnlyList<AddedLine> Added, int Removed);

/// <param name="Number">From 1, in the new version of the file.</param>
internal readonly record struct AddedLine(int Number, string Text);

/// <summary>Reads what git writes as a diff. Within a hunk lines are counted, because an added line may look like a header.</summary>
internal static class UnifiedDiff
{
    public static IReadOnlyList<DiffFile> Parse(string diff)
    {
        var files = new List<DiffFile>();
        FileReader? current = null;
        foreach (var line in diff.Split('\n'))
        {
            if (current is { InHunk: true })
            {
                current.ReadHunkLine(line.TrimEnd('\r'));
            }
            else if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                Finish(current, files);
                current = new FileReader(line);
            }
            else
            {
                current?.ReadHeader(line.TrimEnd('\r'));
            }
        }

        Finish(current, files);
        return files;
    }

    private static void Finish(FileReader? reader, List<DiffFile> files)
    {
        if (reader is not null)
        {
            files.Add(reader.ToFile());
        }
    }

    private sealed class FileReader(string gitLine)
    {
        private readonly List<AddedLine> _added = [];
        private string? _oldPath;
        private string? _newPath;
        private bool _deleted;
        private int _removed;
        private int _nextLine;
        private int _oldLeft;
        private int _newLeft;

        public bool InHunk => _oldLeft > 0 || _newLeft > 0;

        public DiffFile ToFile() => new(_newPath ?? _oldPath ?? DiffPath.OfGitLine(gitLine), _deleted, _added, _removed);

        public void ReadHeader(string line)
        {
            if (line.StartsWith("--- ", StringComparison.Ordinal))
            {
                _oldPath = DiffPath.OfHeader(line);
            }
            else if (line.StartsWith("+++ ", StringComparison.Ordinal))
            {
                _newPath = DiffPath.OfHeader(line);
                _deleted = _newPath is null;
            }
            else if (line.StartsWith("deleted file", StringComparison.Ordinal))
            {
                _deleted = true;
            }
            else if (line.StartsWith("rename to ", StringComparison.Ordinal))
            {
                _newPath = DiffPath.Unquote(line["rename to ".Length..]);
            }
            else if (HunkHeader.TryParse(line, out var hunk))
            {
                (_nextLine, _oldLeft, _newLeft) = (hunk.NewStart, hunk.OldCount, hunk.NewCount);
            }
        }

        public void ReadHunkLine(string line)
        {
            switch (line.Length == 0 ? ' ' : line[0])
            {
                case '+':
                    _added.Add(new AddedLine(_nextLine++, line[1..]));
                    _newLeft--;
                    break;
                case '-':
                    _removed++;
                    _oldLeft--;
                    break;
                case '\\':
                    break;
                default:
                    _nextLine++;
                    _oldLeft--;
                    _newLeft--;
                    break;
            }
        }
    }
}
