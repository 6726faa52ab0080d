using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiCd.Actors.Jobs.Stored;

/// <summary>Turns events into the name and payload that a journal keeps, and back.</summary>
public static class JobEventCodec
{
    private const string VersionMember = "v";

    /// <summary>The version stands first, so that a payload of version 1 is known by its first bytes.</summary>
    private static ReadOnlySpan<byte> VersionedPrefix => "{\"v\":"u8;

    public static string NameOf(JobEvent e) => JobEventCatalogue.Of(e).Name;

    /// <returns>UTF-8 JSON; from version 2 on with the member <c>v</c>.</returns>
    public static byte[] Encode(JobEvent e)
    {
        var type = JobEventCatalogue.Of(e);
        if (type.Version == 1)
        {
            return JsonSerializer.SerializeToUtf8Bytes(e, type.Json);
        }

        var node = JsonSerializer.SerializeToNode(e, type.Json)!.AsObject();
        node.Insert(0, VersionMember, type.Version);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    /// <exception cref="CorruptEventException">Unknown name, newer version, or a payload that is not what the name promises.</exception>
    public static JobEvent Decode(string name, ReadOnlySpan<byte> payload, DateTimeOffset at)
    {
        var type = JobEventCatalogue.Find(name) ?? throw new CorruptEventException($"unknown event {name}");
        return Decode(type, payload, at);
    }

    internal static JobEvent Decode(StoredEventType type, ReadOnlySpan<byte> payload, DateTimeOffset at)
    {
        try
        {
            var e = type.Version == 1 && !payload.StartsWith(VersionedPrefix)
                ? (JobEvent?)JsonSerializer.Deserialize(payload, type.Json)
                : (JobEvent?)Upcast(type, payload).Deserialize(type.Json);
            return e is null ? throw new CorruptEventException($"the payload of {type.Name} is null") : e with { At = at };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new CorruptEventException($"the payload of {type.Name} cannot be read: {error.Message}", error);
        }
    }

    private static JsonObject Upcast(StoredEventType type, ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        var node = JsonNode.Parse(ref reader)?.AsObject() ?? throw new JsonException("expected an object");
        var version = node[VersionMember]?.GetValue<int>() ?? 1;
        if (version < 1 || version > type.Version)
        {
            throw new CorruptEventException($"{type.Name} has payload version {version}; this program reads 1 to {type.Version}");
        }

        return type.Upcasters.Skip(version - 1).Aggregate(node, (current, upcast) => upcast(current));
    }
}
