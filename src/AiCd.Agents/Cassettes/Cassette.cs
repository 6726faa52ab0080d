using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiCd.Agents.Cassettes;

/// <summary>Interactions with models, in the order in which they happened.</summary>
/// <param name="Origin">Where they come from: <c>recorded</c>, or in words how they were written.</param>
internal sealed record Cassette(string Origin, IReadOnlyList<Interaction> Interactions)
{
    private static readonly CassetteJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static Cassette Load(string file) =>
        JsonSerializer.Deserialize(File.ReadAllText(file), Json.Cassette) ?? throw new JsonException($"{file}: expected a cassette, got null");

    public void Save(string file)
    {
        var written = file + ".new";
        File.WriteAllText(written, JsonSerializer.Serialize(this, Json.Cassette) + "\n");
        File.Move(written, file, overwrite: true);
    }
}

/// <param name="Request">In its normal form.</param>
internal sealed record Interaction(JsonNode Request, RecordedAnswer Response);

/// <param name="Headers">Those that matter to who reads the answer.</param>
/// <param name="Body">The lines of the answer; a stream's as they came.</param>
internal sealed record RecordedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Body);

[JsonSerializable(typeof(Cassette))]
internal sealed partial class CassetteJson : JsonSerializerContext;
