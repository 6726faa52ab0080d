using System.Globalization;
using System.Text;

namespace AiCd.Agents.Text;

/// <summary>
/// Takes out of untrusted text what could act on whoever shows it: control characters, bidirectional overrides, broken surrogates.
/// Letters of every script and emoji stay.
/// </summary>
internal static class PlainText
{
    public const int MaxTitle = 200;
    public const int MaxParagraph = 2_000;

    private const char Ellipsis = '…';

    /// <summary>One line: every run of white space becomes one space, and what is longer than allowed is cut with an ellipsis.</summary>
    public static string Line(string text, int maxLength)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else if (!IsActing(rune))
            {
                line.Append(rune.ToString());
            }

            // Enough to know that it must be cut, even where the first character carries a long tail of combining marks.
            if (line.Length > maxLength + 1)
            {
                break;
            }
        }

        return Cut(line.ToString().TrimEnd(), maxLength);
    }

    /// <summary>Many lines, separated by \n; tabs and indentation stay.</summary>
    public static string Block(string text, int maxLength)
    {
        var cut = text.Length > maxLength;
        maxLength -= cut && char.IsHighSurrogate(text[maxLength - 1]) ? 1 : 0;
        var block = new StringBuilder(Math.Min(text.Length, maxLength) + 64);
        foreach (var line in (cut ? text.AsSpan(0, maxLength) : text).EnumerateLines())
        {
            foreach (var rune in line.EnumerateRunes())
            {
                if (rune.Value == '\t' || !IsActing(rune))
                {
                    block.Append(rune.ToString());
                }
            }

            block.Append('\n');
        }

        var cleaned = block.ToString().Trim('\n');
        return cut ? $"{cleaned}\n{Ellipsis} ({text.Length - maxLength} more characters)" : cleaned;
    }

    /// <summary>Cuts between characters as a reader sees them, never inside an emoji.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var end = 0;
        while (StringInfo.GetNextTextElementLength(text, end) is var length && end + length < maxLength)
        {
            end += length;
        }

        return string.Concat(text.AsSpan(0, end).TrimEnd(), [Ellipsis]);
    }

    private static bool IsActing(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        // Marks of direction are part of right-to-left text, overrides and isolates can hide what a line says.
        UnicodeCategory.Format => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF,
        _ => false,
    };
}
