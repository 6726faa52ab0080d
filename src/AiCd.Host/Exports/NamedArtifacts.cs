using System.Text.Json;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Host.Exports;

/// <summary>
/// The artifacts that an event names, found by their shape in the payload and not by the kind of event: what a later version adds is
/// found too.
/// </summary>
internal static class NamedArtifacts
{
    private const int HashLength = 64;

    /// <returns>None for a payload that is no JSON.</returns>
    public static IReadOnlyList<ArtifactRef> In(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var found = new List<ArtifactRef>();
            Visit(document.RootElement, found);
            return found;
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static void Visit(JsonElement element, List<ArtifactRef> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (Read(element) is { } artifact)
                {
                    found.Add(artifact);
                }

                foreach (var member in element.EnumerateObject())
                {
                    Visit(member.Value, found);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item, found);
                }

                break;
        }
    }

    private static ArtifactRef? Read(JsonElement element) =>
        Text(element, "kind") is { } kind
        && Text(element, "sha256") is { Length: HashLength } sha256
        && Text(element, "mediaType") is { } mediaType
        && element.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes)
            ? new ArtifactRef(kind, sha256, bytes, mediaType, Text(element, "inline"))
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
