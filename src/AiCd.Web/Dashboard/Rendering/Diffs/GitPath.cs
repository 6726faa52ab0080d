using System.Text;

namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>Paths as git writes them: plain, or in quotes with C escapes and the bytes of UTF-8 in octal.</summary>
internal static class GitPath
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <returns>The path after <c>a/</c> or <c>b/</c>; null for <c>/dev/null</c>.</returns>
    public static string? Side(string text)
    {
        var path = Unquote(text.TrimEnd('\t', '\r'));
        return path switch
        {
            "/dev/null" => null,
            _ when path.StartsWith("a/", StringComparison.Ordinal) || path.StartsWith("b/", StringComparison.Ordinal) => path[2..],
            _ => path,
        };
    }

    public static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            return text;
        }

        var bytes = new List<byte>(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length - 1)
            {
                bytes.AddRange(Utf8.GetBytes(text, i, char.IsHighSurrogate(text[i]) && i + 2 < text.Length ? 2 : 1));
                i += char.IsHighSurrogate(text[i]) && i + 2 < text.Length ? 1 : 0;
                continue;
            }

            var escaped = text[++i];
            if (escaped is >= '0' and <= '3' && i + 2 < text.Length - 1 && text[i + 1] is >= '0' and <= '7' && text[i + 2] is >= '0' and <= '7')
            {
                bytes.Add((byte)(((escaped - '0') << 6) | ((text[i + 1] - '0') << 3) | (text[i + 2] - '0')));
                i += 2;
                continue;
            }

            bytes.Add((byte)(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'a' => '\a', 'b' => '\b', 'f' => '\f', 'v' => '\v', _ => escaped }));
        }

        return Utf8.GetString([.. bytes]);
    }
}
