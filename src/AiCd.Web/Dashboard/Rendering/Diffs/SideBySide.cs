namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>Puts a hunk's lines in two columns: removed lines face the added ones that follow them.</summary>
internal static class SideBySide
{
    public static IReadOnlyList<DiffRow> Of(DiffHunk hunk)
    {
        var rows = new List<DiffRow>(hunk.Lines.Count);
        var (removed, added) = (new List<DiffLine>(), new List<DiffLine>());
        foreach (var line in hunk.Lines)
        {
            switch (line.Kind)
            {
                case DiffLineKind.Removed:
                    if (added.Count > 0)
                    {
                        Flush(rows, removed, added);
                    }

                    removed.Add(line);
                    break;
                case DiffLineKind.Added:
                    added.Add(line);
                    break;
                default:
                    Flush(rows, removed, added);
                    rows.Add(new DiffRow(line, line));
                    break;
            }
        }

        Flush(rows, removed, added);
        return rows;
    }

    private static void Flush(List<DiffRow> rows, List<DiffLine> removed, List<DiffLine> added)
    {
        for (var i = 0; i < Math.Max(removed.Count, added.Count); i++)
        {
            rows.Add(new DiffRow(i < removed.Count ? removed[i] : null, i < added.Count ? added[i] : null));
        }

        removed.Clear();
        added.Clear();
    }
}

/// <param name="Left">Before the change; null where the right side has no counterpart.</param>
/// <param name="Right">After the change.</param>
internal sealed record DiffRow(DiffLine? Left, DiffLine? Right)
{
    public bool IsReplaced => Left is { Kind: DiffLineKind.Removed } && Right is { Kind: DiffLineKind.Added };
}
