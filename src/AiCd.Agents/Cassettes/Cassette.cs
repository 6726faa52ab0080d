using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiCd.Agents.Cassettes;

/// <summary>Interactions with models, in the order in which they happened.</summary>
/// <param name="Origin">Where they come from: <c>recorded</c>, or in words how they were written. Requests of the latter are patterns.</param>
internal sealed record Cassette(string Origin, IReadOnlyList<Interaction> Interactions)
{
    public const string Recorded = "recorded";

    private static readonly CassetteJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    [JsonIgnore]
    public bool IsRecorded => Origin == Recorded;

    /// <exception cref="JsonException">It is no cassette.</exception>
    public static Cassette Load(string file) =>
        JsonSerializer.Deserialize(File.ReadAllText(file), Json.Cassette) ?? throw new JsonException("expected interactions, found null");

    /// <returns>Why the file cannot be used, or null.</returns>
    public static string? Refuse(string file)
    {
        try
        {
            Load(file);
            return null;
        }
        catch (Exception unusable) when (unusable is JsonException or IOException or UnauthorizedAccessException)
        {
            return unusable.Message;
        }
    }

    public void Save(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var written = file + ".new";
        File.WriteAllText(written, JsonSerializer.Serialize(this, Json.Cassette) + "\n");
        File.Move(written, file, overwrite: true);
    }
}

/// <param name="Request">In its normal form, or a pattern.</param>
internal sealed record Interaction(JsonObject Request, RecordedAnswer Response);

/// <param name="Status">0 where not even that came.</param>
/// <param name="Headers">Those that matter to who reads the answer.</param>
/// <param name="Body">The lines of the answer; a stream's as they came.</param>
/// <param name="End">Null for an answer that came whole.</param>
internal sealed record RecordedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Body, AnswerEnd? End = null)
{
    /// <summary>An answer of which nothing came.</summary>
    public static RecordedAnswer Nothing(AnswerEnd end) => new(0, new Dictionary<string, string>(), [], end);
}

/// <summary>How an answer ended that did not come whole.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerEnd>))]
internal enum AnswerEnd
{
    /// <summary>The connection broke.</summary>
    [JsonStringEnumMemberName("broken")]
    Broken,

    /// <summary>Nothing more came, until the caller gave up.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,
}

[JsonSerializable(typeof(Cassette))]
internal sealed partial class CassetteJson : JsonSerializerContext;
