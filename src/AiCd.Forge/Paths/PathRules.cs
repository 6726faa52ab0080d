using System.Text;
using System.Text.RegularExpressions;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Paths;

/// <summary>Which paths a change may name. Pure: the file system has its own say in <see cref="WorktreeFiles"/>.</summary>
internal static partial class PathRules
{
    private const int MaxPathBytes = 1024;
    private const int MaxNameBytes = 255;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="StageException">The path is refused.</exception>
    public static void Check(string path)
    {
        if (Objection(path) is { } reason)
        {
            throw PathRefusal.Because(path, reason);
        }
    }

    /// <returns>Why the path is refused, as the end of a sentence, or null.</returns>
    public static string? Objection(string path)
    {
        if (path.Length == 0)
        {
            return "is empty";
        }

        if (!IsValidUnicode(path))
        {
            return "is not valid Unicode";
        }

        if (path.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 || Glyphs.IsBidirectionalControl(rune)))
        {
            return "has a control character";
        }

        return path switch
        {
            _ when path.Contains('\\') => "has a backslash: write it with forward slashes",
            _ when path[0] == '/' => "is absolute: name it relative to the root of the repository",
            _ when path.Contains(':') => "has a colon, which is a drive or a stream on some systems",
            _ when Utf8.GetByteCount(path) > MaxPathBytes => $"is longer than {MaxPathBytes} bytes",
            _ => path.Split('/').Select(NameObjection).FirstOrDefault(reason => reason is not null),
        };
    }

    private static string? NameObjection(string name) => name switch
    {
        "" => "has an empty part",
        "." or ".." => $"has the part '{name}'",
        _ when Utf8.GetByteCount(name) > MaxNameBytes => $"has a part longer than {MaxNameBytes} bytes",
        _ when GitNames.IsGitDirectory(name) => "would be a git directory",
        _ when GitNames.IsDisguisedModules(name) => "would be taken for .gitmodules",
        _ when name[^1] is '.' or ' ' => "has a part that ends with a dot or a blank",
        _ when DeviceName().IsMatch(name) => "has a part that is a device on some systems",
        _ => null,
    };

    private static bool IsValidUnicode(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (char.IsSurrogate(path[i]) && !(i + 1 < path.Length && char.IsSurrogatePair(path[i], path[++i])))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex(@"^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\..*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
