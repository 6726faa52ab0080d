using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>A command on its way to another node.</summary>
internal sealed record InboxBody(JobCommand Command, IReadOnlyList<Claim> Claims);

/// <summary>What became of it.</summary>
/// <param name="Refusal">Null where it was applied.</param>
/// <param name="Holder">The job that holds a claim which the command wanted.</param>
internal sealed record InboxOutcome(Refusal? Refusal, JobId? Holder)
{
    public static ReadOnlyMemory<byte> Applied { get; } = new InboxOutcome(null, null).Encode();

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, InboxJson.Default.InboxOutcome);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InboxBody))]
[JsonSerializable(typeof(InboxOutcome))]
internal sealed partial class InboxJson : JsonSerializerContext;
