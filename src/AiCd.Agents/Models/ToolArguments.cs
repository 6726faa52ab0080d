using System.Text.Json;

namespace AiCd.Agents.Models;

/// <summary>What a model wrote as the arguments of a tool.</summary>
internal static class ToolArguments
{
    /// <returns>False where it is not a JSON object. Nothing at all is an empty one.</returns>
    public static bool TryParse(string json, out JsonElement arguments)
    {
        try
        {
            arguments = JsonElement.Parse(json.Trim().Length == 0 ? "{}" : json);
            return arguments.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            arguments = default;
            return false;
        }
    }
}
