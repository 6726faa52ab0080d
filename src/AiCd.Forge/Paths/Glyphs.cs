using System.Globalization;
using System.Text;

namespace AiCd.Forge.Paths;

/// <summary>Characters as file systems and people's eyes see them.</summary>
internal static class Glyphs
{
    private const int FullwidthFirst = 0xFF01;
    private const int FullwidthLast = 0xFF5E;
    private const int FullwidthDistance = 0xFEE0;

    public static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Characters that reorder the text around them, so that a name reads as another.</summary>
    public static bool IsBidirectionalControl(Rune rune) =>
        rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>
    /// The text as the most lenient file system might compare it: ignorable characters and marks dropped (HFS+), case folded, wide
    /// and dotless forms mapped to ASCII. Coarser than any real file system, because it only has to catch disguises.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsIgnorable(rune))
            {
                folded.Append(Rune.ToLowerInvariant(ToAscii(rune)));
            }
        }

        return folded.ToString();
    }

    private static bool IsIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0;

    private static Rune ToAscii(Rune rune) => rune.Value switch
    {
        >= FullwidthFirst and <= FullwidthLast => new Rune(rune.Value - FullwidthDistance),
        0x0130 or 0x0131 => new Rune('i'),
        0x2024 or 0xFE52 => new Rune('.'),
        _ => rune,
    };
}
