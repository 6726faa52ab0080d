using System.Text.Json;

namespace AiCd.Testing.Models;

/// <summary>A request to a model, in words that both protocols share.</summary>
/// <param name="Number">From 1, over all requests to the server.</param>
/// <param name="System">The system prompt.</param>
/// <param name="LastText">What the user said in the last message, beside results of tools.</param>
/// <param name="Turn">How many answers of the model the conversation has.</param>
/// <param name="Results">The results of tools in the last message, by the id of their call.</param>
public sealed record ModelCall(
    string Provider,
    int Number,
    string Model,
    string System,
    string FirstText,
    string LastText,
    int Turn,
    IReadOnlyDictionary<string, string> Results,
    JsonElement Body)
{
    /// <summary>Which stage it belongs to, by the first words of its system prompt.</summary>
    public string Stage => System switch
    {
        _ when System.StartsWith("You plan", StringComparison.Ordinal) => "plan",
        _ when System.StartsWith("You carry out", StringComparison.Ordinal) => "code",
        _ when System.StartsWith("You review", StringComparison.Ordinal) => "review",
        _ => "other",
    };

    public IReadOnlyList<string> Tools =>
    [
        .. Body.GetProperty("tools").EnumerateArray()
            .Select(tool => (tool.TryGetProperty("function", out var function) ? function : tool).GetProperty("name").GetString()!),
    ];
}
