using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Command;

/// <summary>An agent that is a program of the operator's; bound to <c>AiCd:Agents:Command</c>.</summary>
public sealed class CommandAgentOptions : IValidatableObject
{
    public const string Section = "AiCd:Agents:Command";

    /// <summary>The program and its arguments, with placeholders such as <c>{stage}</c>; no shell reads them. None: there is no such agent.</summary>
    public IList<string> Arguments { get; init; } = [];

    /// <summary>Names of the variables of the node's environment that the program sees, such as the key of its model.</summary>
    public IList<string> Environment { get; init; } = [];

    /// <summary>What the program may reach: most agents need their model's server. Says nothing of the repository's own commands.</summary>
    public NetworkPolicy Network { get; set; } = NetworkPolicy.None;

    /// <summary>How long the program may take for one stage.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The model that the placeholder <c>{model}</c> stands for unless the repository asks for another that is allowed.</summary>
    [Expectation("the name of a model, or nothing")]
    [RegularExpression("[^-\\s]\\S*|")]
    public string Model { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (index, argument) in Arguments.Index())
        {
            if (string.IsNullOrEmpty(argument) || CommandTemplate.UnknownPlaceholder(argument) is not null)
            {
                yield return new ValidationResult(
                    $"expected a text with no other placeholders than {string.Join(", ", CommandTemplate.Names.Select(name => $"{{{name}}}"))}, got '{argument}'",
                    [$"{nameof(Arguments)}:{index}"]);
            }
        }

        foreach (var (index, name) in Environment.Index())
        {
            if (string.IsNullOrEmpty(name) || name.Contains('=', StringComparison.Ordinal) || name.StartsWith("AiCd__", StringComparison.OrdinalIgnoreCase))
            {
                yield return new ValidationResult($"expected the name of a variable that is no setting of the node itself, got '{name}'", [$"{nameof(Environment)}:{index}"]);
            }
        }
    }
}
