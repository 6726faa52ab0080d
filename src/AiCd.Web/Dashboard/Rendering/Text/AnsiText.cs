using System.Text;

namespace AiCd.Web.Dashboard.Rendering.Text;

/// <summary>
/// Output of programs: its colours become CSS classes, every other control sequence is dropped, and a carriage return begins the line
/// anew as it does on a terminal.
/// </summary>
internal static class AnsiText
{
    private const char Escape = '\u001b';

    public static IReadOnlyList<AnsiSpan> Parse(string text)
    {
        var spans = new List<AnsiSpan>();
        var run = new StringBuilder();
        var style = new AnsiStyle();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == Escape)
            {
                var (sequence, length) = ControlSequence(text, i);
                if (sequence is not null)
                {
                    Flush(spans, run, style);
                    style = style.Apply(sequence);
                }

                i += length - 1;
            }
            else if (c is '\n' or '\t' || !char.IsControl(c))
            {
                run.Append(c);
            }
            else if (c == '\r' && i + 1 < text.Length && text[i + 1] != '\n')
            {
                RestartLine(spans, run);
            }
        }

        Flush(spans, run, style);
        return spans;
    }

    /// <returns>How the text begins, in words alone and no longer than it may be.</returns>
    public static string FirstLine(string text, int most)
    {
        // Of a log of megabytes no more than what can matter is read.
        var line = string.Concat(Parse(text[..Math.Min(text.Length, 20 * most)]).Select(span => span.Text)).TrimStart('\n').Split('\n', 2)[0];
        return line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)] + "…";
    }

    /// <returns>The parameters where it sets colours, otherwise null; and how many characters to pass over, at least one.</returns>
    private static (string? Sgr, int Length) ControlSequence(string text, int at)
    {
        if (at + 1 >= text.Length)
        {
            return (null, 1);
        }

        return text[at + 1] switch
        {
            '[' => Csi(text, at),
            ']' or 'P' or '_' or '^' or 'X' => (null, StringLength(text, at)),
            _ => (null, 2),
        };
    }

    private static (string? Sgr, int Length) Csi(string text, int at)
    {
        var end = at + 2;
        while (end < text.Length && text[end] is >= ' ' and <= '?')
        {
            end++;
        }

        return end < text.Length && text[end] == 'm' ? (text[(at + 2)..end], end + 1 - at) : (null, Math.Min(end + 1, text.Length) - at);
    }

    /// <summary>An operating system command and its like end with BEL or ESC \; one that never ends swallows its line only.</summary>
    private static int StringLength(string text, int at)
    {
        for (var i = at + 2; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\a':
                    return i + 1 - at;
                case Escape when i + 1 < text.Length && text[i + 1] == '\\':
                    return i + 2 - at;
                case '\n':
                    return i - at;
            }
        }

        return text.Length - at;
    }

    private static void RestartLine(List<AnsiSpan> spans, StringBuilder run)
    {
        var line = run.ToString().LastIndexOf('\n');
        run.Length = line + 1;
        while (line < 0 && spans.Count > 0)
        {
            var last = spans[^1].Text;
            line = last.LastIndexOf('\n');
            spans.RemoveAt(spans.Count - 1);
            if (line >= 0)
            {
                spans.Add(new AnsiSpan(last[..(line + 1)], null));
            }
        }
    }

    private static void Flush(List<AnsiSpan> spans, StringBuilder run, AnsiStyle style)
    {
        if (run.Length > 0)
        {
            spans.Add(new AnsiSpan(run.ToString(), style.Class));
            run.Clear();
        }
    }
}

internal sealed record AnsiSpan(string Text, string? Class);
