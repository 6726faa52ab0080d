using System.Text.RegularExpressions;

namespace AiCd.Agents.Command;

/// <summary>
/// Fills the placeholders of an argument list. What strangers wrote, such as an issue's title, is no placeholder: it comes over
/// standard input alone, where nothing can take it for an option.
/// </summary>
internal static partial class CommandTemplate
{
    public static IReadOnlyList<string> Names { get; } = ["stage", "job", "attempt", "round", "base", "model"];

    /// <returns>The first placeholder that stands for nothing, or null. Braces around anything but a lower-case word are text.</returns>
    public static string? UnknownPlaceholder(string argument) => Placeholder().Matches(argument)
        .Select(match => match.Groups[1].Value)
        .FirstOrDefault(name => !Names.Contains(name));

    public static IReadOnlyList<string> Fill(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> values) =>
        [.. arguments.Select(argument => Placeholder().Replace(argument, match => values[match.Groups[1].Value]))];

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Placeholder();
}
