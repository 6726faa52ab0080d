using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Agents.Models;

namespace AiCd.Agents.Loop;

/// <summary>One thing that a conversation with a model consists of, as it is stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Started), "start")]
[JsonDerivedType(typeof(Answered), "response")]
[JsonDerivedType(typeof(Replied), "results")]
[JsonDerivedType(typeof(Told), "feedback")]
[JsonDerivedType(typeof(Compacted), "compacted")]
[JsonDerivedType(typeof(Submitted), "submitted")]
[JsonDerivedType(typeof(Abandoned), "abandoned")]
internal abstract record LoopTurn
{
    [JsonIgnore]
    public string Kind => this switch
    {
        Started => "start",
        Answered => "response",
        Replied => "results",
        Told => "feedback",
        Compacted => "compacted",
        Submitted => "submitted",
        Abandoned => "abandoned",
        _ => throw new InvalidOperationException($"{GetType().Name} has no name"),
    };

    public static LoopTurn Parse(string json) => JsonSerializer.Deserialize(json, LoopJson.Default.LoopTurn)
        ?? throw new JsonException("A turn is null");

    public string ToJson() => JsonSerializer.Serialize(this, LoopJson.Default.LoopTurn);

    /// <param name="Prompt">Name and version of the system prompt.</param>
    /// <param name="BaseSha">What the worktree stands on.</param>
    /// <param name="Heard">How much feedback the message has.</param>
    internal sealed record Started(string Prompt, string BaseSha, int Heard, ModelMessage Message) : LoopTurn;

    internal sealed record Answered(string Provider, string Model, ModelMessage Message, StopReason Stop, TokenUsage Usage) : LoopTurn;

    /// <summary>What the tools said to an answer.</summary>
    internal sealed record Replied(ModelMessage Message) : LoopTurn;

    /// <summary>What people said while the model was at work.</summary>
    internal sealed record Told(string Text, int Heard) : LoopTurn;

    /// <param name="UpTo">The messages before this one were made shorter.</param>
    internal sealed record Compacted(CompactionLevel Level, int UpTo) : LoopTurn;

    /// <summary>A result was accepted.</summary>
    internal sealed record Submitted : LoopTurn;

    /// <summary>Nobody should go on from here.</summary>
    internal sealed record Abandoned(string Reason) : LoopTurn;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoopTurn))]
internal sealed partial class LoopJson : JsonSerializerContext;
