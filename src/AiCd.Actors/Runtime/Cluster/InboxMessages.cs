using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>A command on its way to another node, or, without one, the question why the job waits.</summary>
/// <param name="Tried">What the sender itself handed to its store before it lost the shard: where that is there, the command is applied.</param>
internal sealed record InboxBody(JobCommand? Command, IReadOnlyList<Claim> Claims, TriedAppend? Tried = null);

/// <summary>What became of it.</summary>
/// <param name="Refusal">Null where it was applied.</param>
/// <param name="Holder">The job that holds a claim which the command wanted.</param>
/// <param name="HeldBy">The kind of that claim.</param>
/// <param name="Waiting">The answer to the question why the job waits.</param>
internal sealed record InboxOutcome(Refusal? Refusal = null, JobId? Holder = null, string? HeldBy = null, WaitingReason? Waiting = null)
{
    public static ReadOnlyMemory<byte> Applied { get; } = new InboxOutcome().Encode();

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, InboxJson.Default.InboxOutcome);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InboxBody))]
[JsonSerializable(typeof(InboxOutcome))]
internal sealed partial class InboxJson : JsonSerializerContext;
