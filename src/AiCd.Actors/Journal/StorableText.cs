using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AiCd.Actors.Journal;

/// <summary>
/// The texts that every engine can hold: PostgreSQL has no NUL, and half a surrogate pair has no UTF-8 (SQLite would store
/// something else in its place without a word).
/// </summary>
internal static class StorableText
{
    /// <returns>The text with a replacement character in place of whatever cannot be stored.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text)
    {
        if (text is null || Refuse(text) is null)
        {
            return text;
        }

        // Encoding replaces halves of pairs.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }

    /// <returns>Why the text cannot be stored, or null.</returns>
    public static string? Refuse(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0')
            {
                return $"The text holds a NUL at {i}";
            }

            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                return $"The text holds half a surrogate pair at {i}";
            }
        }

        return null;
    }
}
