namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>Lays the colours of the syntax and the marks of changed words over one line.</summary>
internal static class LineSpans
{
    /// <returns>Spans that together are the line, each with the CSS classes that apply to all of it.</returns>
    public static IReadOnlyList<LineSpan> Of(string line, Syntax syntax, IReadOnlyList<Range> changed)
    {
        var spans = new List<LineSpan>();
        foreach (var token in syntax.Tokens(line))
        {
            for (var at = token.Start; at < token.Start + token.Length;)
            {
                var (end, marked) = Stretch(at, token.Start + token.Length, changed);
                spans.Add(new LineSpan(line[at..end], ClassOf(token.Kind, marked)));
                at = end;
            }
        }

        return spans;
    }

    private static (int End, bool Marked) Stretch(int at, int limit, IReadOnlyList<Range> changed)
    {
        foreach (var range in changed)
        {
            if (at < range.Start.Value)
            {
                return (Math.Min(limit, range.Start.Value), false);
            }

            if (at < range.End.Value)
            {
                return (Math.Min(limit, range.End.Value), true);
            }
        }

        return (limit, false);
    }

    private static string? ClassOf(SyntaxKind kind, bool marked)
    {
        var name = kind switch
        {
            SyntaxKind.Keyword => "tok-keyword",
            SyntaxKind.Text => "tok-text",
            SyntaxKind.Number => "tok-number",
            SyntaxKind.Comment => "tok-comment",
            _ => null,
        };
        return marked ? name is null ? "word" : $"{name} word" : name;
    }
}

internal sealed record LineSpan(string Text, string? Class);
