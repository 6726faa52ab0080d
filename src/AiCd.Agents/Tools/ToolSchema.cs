using System.Text.Json;
using AiCd.Agents.Models;

namespace AiCd.Agents.Tools;

internal static class ToolSchema
{
    /// <param name="schema">JSON Schema of the arguments.</param>
    public static ToolDefinition Define(string name, string description, string schema) => new(name, description, JsonElement.Parse(schema));
}
