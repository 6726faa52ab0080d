using System.Text.Json;

namespace AiCd.Agents.Models;

/// <summary>One question to a model.</summary>
internal sealed record ModelRequest
{
    public required string Model { get; init; }

    public required string System { get; init; }

    public required IReadOnlyList<ModelMessage> Messages { get; init; }

    public required IReadOnlyList<ToolDefinition> Tools { get; init; }

    public required int MaxOutputTokens { get; init; }

    /// <summary>How hard the model thinks, in the provider's words; null for its default.</summary>
    public string? Effort { get; init; }

    public double? Temperature { get; init; }

    /// <summary>The longest silence before the answer or within it.</summary>
    public required TimeSpan Timeout { get; init; }
}

/// <param name="Schema">JSON Schema of an object.</param>
internal sealed record ToolDefinition(string Name, string Description, JsonElement Schema);

internal sealed record ModelResponse(ModelMessage Message, StopReason Stop, TokenUsage Usage)
{
    public IEnumerable<ToolCallBlock> ToolCalls => Message.Blocks.OfType<ToolCallBlock>();

    public string Text => string.Join("\n\n", Message.Blocks.OfType<TextBlock>().Select(block => block.Text));
}

internal enum StopReason
{
    EndTurn,
    ToolCalls,
    MaxTokens,
    Refusal,
    ContextOverflow,
    Other,
}

/// <summary>Tokens as a provider counted them.</summary>
/// <param name="Input">All of the input, whether it was read from the cache, written to it, or neither.</param>
/// <param name="CacheRead">Of the input.</param>
/// <param name="CacheWrite">Of the input.</param>
/// <param name="Reasoning">Of the output.</param>
internal sealed record TokenUsage(long Input, long CacheRead, long CacheWrite, long Output, long Reasoning)
{
    public static TokenUsage None { get; } = new(0, 0, 0, 0, 0);
}
