using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace AiCd.Actors.Jobs.Stored;

/// <summary>Turns events into the name and payload that a journal keeps, and back.</summary>
public static class JobEventCodec
{
    private const string VersionMember = "v";

    public static string NameOf(JobEvent e) => JobEventCatalogue.Of(e).Name;

    /// <returns>UTF-8 JSON; from version 2 on with the member <c>v</c>.</returns>
    public static byte[] Encode(JobEvent e) => Encode(JobEventCatalogue.Of(e), e);

    /// <exception cref="CorruptEventException">Unknown name, newer version, or a payload that is not what the name promises.</exception>
    public static JobEvent Decode(string name, ReadOnlySpan<byte> payload, DateTimeOffset at)
    {
        var type = JobEventCatalogue.Find(name) ?? throw new CorruptEventException($"unknown event {name}");
        return Decode(type, payload, at);
    }

    internal static byte[] Encode(StoredEventType type, JobEvent e)
    {
        if (type.Version == 1)
        {
            return JsonSerializer.SerializeToUtf8Bytes(e, type.Json);
        }

        var node = JsonSerializer.SerializeToNode(e, type.Json)!.AsObject();
        node.Insert(0, VersionMember, type.Version);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    internal static JobEvent Decode(StoredEventType type, ReadOnlySpan<byte> payload, DateTimeOffset at)
    {
        try
        {
            var version = Inspect(payload);
            if (version < 1 || version > type.Version)
            {
                throw new CorruptEventException($"{type.Name} has payload version {version}; this program reads 1 to {type.Version}");
            }

            var e = version == type.Version
                ? (JobEvent?)JsonSerializer.Deserialize(payload, type.Json)
                : (JobEvent?)Upcast(type, payload, version).Deserialize(type.Json);
            return e! with { At = at };
        }
        // An upcaster may stumble in any way over a payload that is not what it expects.
        catch (Exception error) when (error is not CorruptEventException)
        {
            throw new CorruptEventException($"the payload of {type.Name} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Refuses what reading it as a type would let through: other encodings, and null as an element of a list.</summary>
    /// <returns>The version that the payload bears, wherever it stands.</returns>
    private static int Inspect(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload))
        {
            throw new JsonException("it is not UTF-8");
        }

        var version = 1;
        var reader = new Utf8JsonReader(payload);
        for (var before = JsonTokenType.None; reader.Read(); before = reader.TokenType)
        {
            if (reader.TokenType == JsonTokenType.Null && before != JsonTokenType.PropertyName)
            {
                throw new JsonException($"null at byte {reader.TokenStartIndex}");
            }

            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals(VersionMember))
            {
                reader.Read();
                version = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number)
                    ? number
                    : throw new JsonException("its version is not a number");
            }
        }

        return version;
    }

    private static JsonObject Upcast(StoredEventType type, ReadOnlySpan<byte> payload, int version) =>
        type.Upcasters.Skip(version - 1).Aggregate(
            JsonNode.Parse(payload, documentOptions: new() { AllowDuplicateProperties = false })!.AsObject(),
            (current, upcast) => upcast(current));
}
