using System.Text;
using System.Text.RegularExpressions;

namespace AiCd.Agents.Checks;

/// <summary>
/// Patterns of paths as .gitignore has them, without exceptions: `*` and `?` within a name, `**` across folders, a pattern without a
/// slash in the middle at any depth, and everything below a folder that is named. Case makes no difference: on some systems it has none.
/// </summary>
internal sealed class PathPatterns
{
    private readonly List<(string Pattern, Regex Regex)> _patterns;

    public PathPatterns(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(pattern => (pattern, Compile(pattern)))];

    /// <returns>The first pattern that fits a path relative to the root, or null.</returns>
    public string? Find(string path) => _patterns.Where(pattern => pattern.Regex.IsMatch(path)).Select(pattern => pattern.Pattern).FirstOrDefault();

    /// <returns>What was expected instead, or null where the pattern is one.</returns>
    public static string? Objection(string pattern) =>
        pattern.StartsWith('!') || pattern.Contains('\\', StringComparison.Ordinal) || pattern.Trim('/').Length == 0
            || pattern.Trim('/').Split('/').Any(part => part is "" or "." or "..")
            ? "a pattern such as 'docs/**' or '*.lock', without !, \\, and parts that are empty, '.' or '..'"
            : null;

    private static Regex Compile(string pattern)
    {
        var trimmed = pattern.Trim('/');
        var regex = new StringBuilder(pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal) ? "^" : "^(?:.*/)?");
        var parts = trimmed.Split('/');
        foreach (var (index, part) in parts.Index())
        {
            var last = index == parts.Length - 1;
            if (part == "**")
            {
                regex.Append(last ? ".*" : "(?:.*/)?");
                continue;
            }

            regex.Append(string.Concat(part.Select(character => character switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(character.ToString()) })));
            regex.Append(last ? "" : "/");
        }

        return new Regex(regex.Append(@"(?:/.*)?\z").ToString(), RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
