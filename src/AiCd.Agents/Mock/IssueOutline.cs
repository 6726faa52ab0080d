using System.Buffers;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Agents.Text;

namespace AiCd.Agents.Mock;

/// <summary>What of an issue's text has a shape: its first paragraph, headings, list items, code, and words that may be paths.</summary>
internal sealed class IssueOutline
{
    private const int MaxParts = 12;
    private const int MaxCandidates = 500;
    private const int MaxLineLength = 160;

    private static readonly SearchValues<char> WordBreaks = SearchValues.Create(" \t\r\n\f\v\u00a0\"'`()[]{}<>|,;:*!?#=\0");

    private readonly List<string> _headings = [];
    private readonly List<string> _items = [];

    private IssueOutline(string title) => Title = title;

    public string Title { get; }

    public string? FirstParagraph { get; private set; }

    public IReadOnlyList<string> Headings => _headings;

    public IReadOnlyList<string> Items => _items;

    public bool HasCode { get; private set; }

    /// <summary>The title as one clean line.</summary>
    public static string TitleOf(Issue issue) => PlainText.Line(issue.Title, PlainText.MaxTitle) is { Length: > 0 } title ? title : "(no title)";

    public static IssueOutline Of(Issue issue)
    {
        var outline = new IssueOutline(TitleOf(issue));
        var inCode = false;
        foreach (var line in issue.Body.AsSpan().EnumerateLines())
        {
            var text = line.Trim();
            if (text.StartsWith("```") || text.StartsWith("~~~"))
            {
                inCode = !inCode;
                outline.HasCode = true;
            }
            else if (!inCode && !text.IsEmpty)
            {
                outline.Read(text);
            }
        }

        return outline;
    }

    /// <summary>Words of the issue that look like paths, each once, in order.</summary>
    public static IReadOnlyList<string> PathCandidates(Issue issue)
    {
        var candidates = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var text in (string[])[issue.Title, issue.Body])
        {
            foreach (var range in text.AsSpan().SplitAny(WordBreaks))
            {
                var word = text.AsSpan(range).TrimEnd('.');
                word = word.StartsWith("./") ? word[2..] : word;
                if (word.Length > 2 && word.IndexOfAny('.', '/') >= 0 && candidates.Count < MaxCandidates)
                {
                    candidates.TryAdd(word.ToString(), true);
                }
            }
        }

        return [.. candidates.Keys];
    }

    private void Read(ReadOnlySpan<char> text)
    {
        if (text[0] == '#')
        {
            Add(_headings, text.TrimStart('#'));
        }
        else if (ItemOf(text) is { IsEmpty: false } item)
        {
            Add(_items, item);
        }
        else if (FirstParagraph is null && text[0] is not ('>' or '<' or '|'))
        {
            FirstParagraph = PlainText.Line(text.ToString(), MaxLineLength);
        }
    }

    private static void Add(List<string> parts, ReadOnlySpan<char> text)
    {
        if (parts.Count < MaxParts && PlainText.Line(text.ToString(), MaxLineLength) is { Length: > 0 } line && !parts.Contains(line))
        {
            parts.Add(line);
        }
    }

    /// <returns>The text of a bullet point, numbered item or task; empty for another line.</returns>
    private static ReadOnlySpan<char> ItemOf(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var marker = digits is > 0 and <= 3 && text[digits] is '.' or ')' ? digits + 1 : text[0] is '-' or '*' or '+' ? 1 : 0;
        if (marker == 0 || marker >= text.Length || text[marker] != ' ')
        {
            return [];
        }

        var item = text[marker..].TrimStart();
        return item.StartsWith("[ ]") || item.StartsWith("[x]", StringComparison.OrdinalIgnoreCase) ? item[3..].TrimStart() : item;
    }
}
