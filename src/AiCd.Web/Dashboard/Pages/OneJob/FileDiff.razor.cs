using AiCd.Actors.Jobs.Payloads;
using AiCd.Web.Dashboard.Rendering.Diffs;
using Microsoft.AspNetCore.Components;

namespace AiCd.Web.Dashboard.Pages.OneJob;

public sealed partial class FileDiff
{
    private const int Step = 600;

    private readonly HashSet<ReviewComment> _placed = [];
    private List<CodeRow> _rows = [];
    private (DiffFile File, bool Unified, int Comments)? _made;
    private bool? _opened;
    private int _most = Step;

    [Parameter, EditorRequired]
    public DiffFile File { get; set; } = null!;

    [Parameter]
    public bool Unified { get; set; }

    [Parameter]
    public bool StartsOpen { get; set; }

    [Parameter]
    public IReadOnlyList<ReviewComment> Comments { get; set; } = [];

    private bool _open
    {
        get => _opened ?? StartsOpen;
        set
        {
            _opened = value;
            Make();
        }
    }

    protected override void OnParametersSet() => Make();

    /// <summary>Colours are computed for files that somebody looks at, once.</summary>
    private void Make()
    {
        var wanted = (File, Unified, Comments.Count);
        if (!_open || _made == wanted)
        {
            return;
        }

        _made = wanted;
        _placed.Clear();
        var syntax = Syntax.For(File.Path);
        _rows = [.. File.Hunks.SelectMany(hunk => RowsOf(hunk, syntax))];
    }

    private IEnumerable<CodeRow> RowsOf(DiffHunk hunk, Syntax syntax)
    {
        yield return new CodeRow { Heading = $"@@ −{hunk.OldStart} +{hunk.NewStart} @@ {hunk.Heading}" };
        var rows = SideBySide.Of(hunk).Select(row => Coloured(row, syntax)).ToList();
        foreach (var row in Unified ? InOneColumn(rows) : rows)
        {
            yield return row with { Comments = At(row.Right) };
        }
    }

    private static CodeRow Coloured(DiffRow row, Syntax syntax)
    {
        var (left, right) = row.IsReplaced ? ChangedWords.Of(row.Left!.Text, row.Right!.Text) : ([], []);
        return new CodeRow
        {
            Left = row.Left,
            Right = row.Right,
            LeftSpans = row.Left is { } old ? LineSpans.Of(old.Text, syntax, left) : null,
            RightSpans = row.Right is { } @new ? LineSpans.Of(@new.Text, syntax, right) : null,
        };
    }

    /// <summary>Of rows that changed both sides, first what was removed and then what was added, as far as they stand together.</summary>
    private static IEnumerable<CodeRow> InOneColumn(List<CodeRow> rows)
    {
        var added = new List<CodeRow>();
        foreach (var row in rows)
        {
            if (row.Left is { Kind: DiffLineKind.Context })
            {
                foreach (var held in added)
                {
                    yield return held;
                }

                added.Clear();
                yield return row with { LeftSpans = row.RightSpans };
                continue;
            }

            if (row.Left is not null)
            {
                yield return row with { Right = null, RightSpans = null };
            }

            if (row.Right is not null)
            {
                added.Add(row with { Left = null, LeftSpans = null });
            }
        }

        foreach (var held in added)
        {
            yield return held;
        }
    }

    private List<ReviewComment> At(DiffLine? line)
    {
        if (line?.New is not { } number)
        {
            return [];
        }

        var found = Comments.Where(comment => comment.Line == number).ToList();
        _placed.UnionWith(found);
        return found;
    }

    private static string Side(DiffLine? line) => line?.Kind switch
    {
        DiffLineKind.Added => "added",
        DiffLineKind.Removed => "removed",
        null => "nothing",
        _ => "same",
    };

    private static string Sign(DiffLineKind kind) => kind switch { DiffLineKind.Added => "+", DiffLineKind.Removed => "−", _ => "" };

    private static string Word(DiffLineKind kind) => kind switch { DiffLineKind.Added => "added", DiffLineKind.Removed => "removed", _ => "" };

    private sealed record CodeRow
    {
        public string? Heading { get; init; }

        public DiffLine? Left { get; init; }

        public DiffLine? Right { get; init; }

        public IReadOnlyList<LineSpan>? LeftSpans { get; init; }

        public IReadOnlyList<LineSpan>? RightSpans { get; init; }

        public IReadOnlyList<ReviewComment> Comments { get; init; } = [];
    }
}
