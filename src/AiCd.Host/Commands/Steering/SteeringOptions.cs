using System.CommandLine;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Commands.Steering;

/// <summary>What commands have in common that change something.</summary>
internal static class SteeringOptions
{
    public static Option<string> By { get; } = new("--by") { HelpName = "NAME", Description = "Who says so, where a store is steered; a server knows by the key [default: the user of this machine]" };

    /// <returns>Null where it was not said.</returns>
    public static string? WhoOf(ParseResult arguments) => arguments.GetValue(By) is { } name ? NotBlank(name, By.Name) : null;

    public static string NotBlank(string? text, string what) =>
        string.IsNullOrWhiteSpace(text) ? throw CommandException.BadInput($"{what}: expected a text, got a blank one") : text;
}
