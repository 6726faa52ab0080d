using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiCd.Benchmarks.Cluster;

/// <summary>What a node process says on its standard output, a JSON object a line.</summary>
/// <param name="Kind">One of <see cref="NodeLineKinds"/>.</param>
/// <param name="At">By the machine's clock, which is the database's too.</param>
internal sealed record NodeLine(
    string Kind,
    DateTimeOffset At,
    string? Incarnation = null,
    string? Job = null,
    string? Attempt = null,
    string? Stage = null,
    int? Number = null,
    int? EventId = null,
    string? Level = null,
    string? Text = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string Encode() => JsonSerializer.Serialize(this, Json);

    public static NodeLine Parse(string line) => JsonSerializer.Deserialize<NodeLine>(line, Json)!;
}

internal static class NodeLineKinds
{
    /// <summary>The node has joined and brought back what its shards owe.</summary>
    public const string Ready = "ready";

    /// <summary>The work of an attempt begins.</summary>
    public const string Started = "started";

    /// <summary>It has ended; the text is one of <see cref="LoggedEnds"/>.</summary>
    public const string Ended = "ended";

    /// <summary>A submission was acknowledged.</summary>
    public const string Submitted = "submitted";

    public const string Log = "log";
}

internal static class LoggedEnds
{
    public const string Done = "done";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
