using DiffPlex;

namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>Which parts of a replaced line differ, word by word.</summary>
internal static class ChangedWords
{
    /// <summary>Longer lines are data rather than text, and comparing them costs more than it shows.</summary>
    private const int LongestLine = 1_000;

    private static readonly char[] Separators = [.. " \t.,;:()[]{}<>=+-*/\\|&!?'\"`"];
    private static readonly Differ Words = new();

    /// <returns>The changed ranges of both lines; empty where the lines have so little in common that marking would only be noise.</returns>
    public static (IReadOnlyList<Range> Left, IReadOnlyList<Range> Right) Of(string left, string right)
    {
        if (left.Length > LongestLine || right.Length > LongestLine)
        {
            return ([], []);
        }

        var diff = Words.CreateWordDiffs(left, right, ignoreWhitespace: false, Separators);
        var (leftEnds, rightEnds) = (Ends(diff.PiecesOld), Ends(diff.PiecesNew));
        var (leftRanges, rightRanges) = (new List<Range>(), new List<Range>());
        foreach (var block in diff.DiffBlocks)
        {
            Add(leftRanges, leftEnds, block.DeleteStartA, block.DeleteCountA);
            Add(rightRanges, rightEnds, block.InsertStartB, block.InsertCountB);
        }

        return Covers(leftRanges, left.Length) && Covers(rightRanges, right.Length) ? ([], []) : (leftRanges, rightRanges);
    }

    private static int[] Ends(string[] pieces)
    {
        var ends = new int[pieces.Length + 1];
        for (var i = 0; i < pieces.Length; i++)
        {
            ends[i + 1] = ends[i] + pieces[i].Length;
        }

        return ends;
    }

    private static void Add(List<Range> ranges, int[] ends, int start, int count)
    {
        if (count > 0)
        {
            ranges.Add(ends[start]..ends[start + count]);
        }
    }

    private static bool Covers(List<Range> ranges, int length) =>
        ranges.Sum(range => range.End.Value - range.Start.Value) > length * 0.7;
}
