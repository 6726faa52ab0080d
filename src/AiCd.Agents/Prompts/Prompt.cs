namespace AiCd.Agents.Prompts;

/// <summary>A system prompt. A text that was used never changes again: another wording is another version.</summary>
internal sealed record Prompt(string Name, int Version, string Text)
{
    public string Id => $"{Name}@{Version}";
}
