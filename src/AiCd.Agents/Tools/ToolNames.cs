namespace AiCd.Agents.Tools;

/// <summary>The tools that there are for agents on models; which of them an agent has is a matter of its stage and of policies.</summary>
internal static class ToolNames
{
    public static IReadOnlyList<string> All { get; } = [ViewTool.Name, SearchTool.Name, EditTool.Name, BashTool.Name];

    /// <returns>What was expected instead, or null where the name is a tool's: a misspelt one would leave agents without it and nobody would know why.</returns>
    public static string? Objection(string name) => All.Contains(name) ? null : $"one of {string.Join(", ", All)}";
}
