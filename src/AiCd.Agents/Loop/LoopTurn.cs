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
    public abstract string Kind { get; }

    public static LoopTurn Parse(string json) => JsonSerializer.Deserialize(json, LoopJson.Default.LoopTurn)
        ?? throw new JsonException("A turn is null");

    public string ToJson() => JsonSerializer.Serialize(this, LoopJson.Default.LoopTurn);

    /// <param name="Prompt">Name and version of the system prompt.</param>
    /// <param name="BaseSha">What the worktree stands on.</param>
    /// <param name="Heard">How much feedback the message has.</param>
    internal sealed record Started(string Prompt, string BaseSha, int Heard, ModelMessage Message) : LoopTurn
    {
        public override string Kind => "start";
    }

    internal sealed record Answered(string Provider, string Model, ModelMessage Message, StopReason Stop, TokenUsage Usage) : LoopTurn
    {
        public override string Kind => "response";
    }

    /// <summary>What the tools said to an answer.</summary>
    internal sealed record Replied(ModelMessage Message) : LoopTurn
    {
        public override string Kind => "results";
    }

    /// <summary>What people said while the model was at work.</summary>
    internal sealed record Told(string Text, int Heard) : LoopTurn
    {
        public override string Kind => "feedback";
    }

    /// <param name="UpTo">The messages before this one were made shorter.</param>
    internal sealed record Compacted(CompactionLevel Level, int UpTo) : LoopTurn
    {
        public override string Kind => "compacted";
    }

    /// <summary>A result was accepted.</summary>
    internal sealed record Submitted : LoopTurn
    {
        public override string Kind => "submitted";
    }

    /// <summary>Nobody should go on from here.</summary>
    internal sealed record Abandoned(string Reason) : LoopTurn
    {
        public override string Kind => "abandoned";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoopTurn))]
internal sealed partial class LoopJson : JsonSerializerContext;
