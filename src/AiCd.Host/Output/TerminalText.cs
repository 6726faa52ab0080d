using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AiCd.Host.Output;

/// <summary>
/// Makes untrusted text (titles, agents' words, git's messages) fit for a terminal: no escape sequences, no control characters, nothing
/// that turns the direction of a line. Letters of every script and emoji stay.
/// </summary>
internal static partial class TerminalText
{
    /// <returns>One line; every run of white space is one blank, and what is longer than allowed ends in an ellipsis.</returns>
    public static string Line(string text, int maxLength = 500)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in EscapeSequence().Replace(text, "").EnumerateRunes())
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
        }

        return Cut(line.ToString().TrimEnd(), maxLength);
    }

    /// <returns>As <see cref="Line"/>, with line breaks and tabs kept.</returns>
    public static string Block(string text)
    {
        var block = new StringBuilder(text.Length);
        foreach (var rune in EscapeSequence().Replace(text, "").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsActing(rune))
            {
                block.Append(rune.ToString());
            }
        }

        return block.ToString();
    }

    private static string Cut(string text, int maxLength)
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

        return text[..end].TrimEnd() + "…";
    }

    private static bool IsActing(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF,
        _ => false,
    };

    // CSI, OSC and the other string sequences, and two-character escapes; ECMA-48 in 7 and 8 bits.
    [GeneratedRegex("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\\\|\u009c)?|\u001b[ -/]*[0-~]?")]
    private static partial Regex EscapeSequence();
}
