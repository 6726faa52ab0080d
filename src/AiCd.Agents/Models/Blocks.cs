using System.Text.Json.Serialization;

namespace AiCd.Agents.Models;

/// <summary>A message to a model or from it, in words that no provider owns.</summary>
internal sealed record ModelMessage(MessageRole Role, IReadOnlyList<Block> Blocks)
{
    public static ModelMessage User(params IReadOnlyList<Block> blocks) => new(MessageRole.User, blocks);

    public static ModelMessage User(string text) => User(new TextBlock(text));
}

[JsonConverter(typeof(JsonStringEnumConverter<MessageRole>))]
internal enum MessageRole
{
    User,
    Assistant,
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextBlock), "text")]
[JsonDerivedType(typeof(ToolCallBlock), "tool_call")]
[JsonDerivedType(typeof(ToolResultBlock), "tool_result")]
[JsonDerivedType(typeof(OpaqueBlock), "opaque")]
internal abstract record Block;

internal sealed record TextBlock(string Text) : Block;

/// <param name="Arguments">JSON as the model wrote it, which may not be JSON at all.</param>
internal sealed record ToolCallBlock(string Id, string Name, string Arguments) : Block;

internal sealed record ToolResultBlock(string CallId, string Text, bool IsError = false) : Block;

/// <summary>What only its provider understands, such as signed thoughts: given back to it as it came, and to no other.</summary>
internal sealed record OpaqueBlock(string Provider, string Json) : Block;
