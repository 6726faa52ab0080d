using System.Text;

namespace AiCd.Agents.Text;

/// <summary>Paths as git writes them into diffs: with a prefix, and quoted like a C string where they hold special characters.</summary>
internal static class DiffPath
{
    private const int PrefixLength = 2;

    /// <returns>Null for the side of a file that does not exist.</returns>
    public static string? OfHeader(string line)
    {
        // Git ends the path with a tab where it contains a space.
        var path = Unquote(line["--- ".Length..].TrimEnd('\t'));
        return path == "/dev/null" ? null : WithoutPrefix(path);
    }

    /// <summary>The second path of a file's first line, for changes that have no other header: a binary file, a mode.</summary>
    public static string OfGitLine(string line)
    {
        var rest = line["diff --git ".Length..].TrimEnd('\r');
        var start = rest.EndsWith('"') ? rest.IndexOf(" \"", StringComparison.Ordinal) : rest.Length / 2;
        return WithoutPrefix(Unquote(rest[(start + 1)..]));
    }

    public static string Unquote(string path)
    {
        if (path.Length < 2 || path[0] != '"' || path[^1] != '"')
        {
            return path;
        }

        var bytes = new List<byte>(path.Length);
        for (var i = 1; i < path.Length - 1; i++)
        {
            if (path[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(path, i, 1));
            }
            else if (i + 3 < path.Length && path.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                bytes.Add((byte)(((path[i + 1] - '0') << 6) | ((path[i + 2] - '0') << 3) | (path[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add(Escaped(path[++i]));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string WithoutPrefix(string path) => path.Length > PrefixLength && path[1] == '/' ? path[PrefixLength..] : path;

    private static byte Escaped(char c) => c switch
    {
        'a' => (byte)'\a',
        'b' => (byte)'\b',
        'f' => (byte)'\f',
        'n' => (byte)'\n',
        'r' => (byte)'\r',
        't' => (byte)'\t',
        'v' => (byte)'\v',
        _ => (byte)c,
    };
}
