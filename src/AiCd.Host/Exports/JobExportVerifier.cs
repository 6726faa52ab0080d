using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.Driving;

namespace AiCd.Host.Exports;

/// <summary>
/// Judges the lines of a job's export, whose chain was checked before they come here: that numbers are without gaps, that every payload
/// and artifact is what its hash says, that artifacts are complete, and that the replay ends in the state which the file claims.
/// </summary>
internal sealed class JobExportVerifier
{
    private readonly HashSet<string> _contents = [];
    private readonly Dictionary<string, long> _named = [];
    private readonly bool _complete;
    private readonly string _tenant;
    private readonly JobId _id;
    private Job? _job;
    private string? _quarantine;
    private int _events;
    private int _artifacts;
    private bool _ended;

    public JobExportVerifier(JsonElement header, long line)
    {
        _id = JobId.TryParse(Text(header, "jobId", line), out var id) ? id : throw HashChain.Broken(line, "jobId: expected a job's id");
        _tenant = Text(header, "tenant", line);
        _complete = header.TryGetProperty("artifacts", out var all) && all.ValueKind == JsonValueKind.True;
    }

    public int Missing { get; private set; }

    public void Add(JsonElement element, long line)
    {
        if (_ended)
        {
            throw HashChain.Broken(line, "expected nothing after the end");
        }

        switch (Text(element, "type", line))
        {
            case "event":
                Event(element, line);
                break;
            case "artifact":
                Artifact(element, line);
                break;
            case "end":
                End(element, line);
                break;
            case var other:
                throw HashChain.Broken(line, $"type: expected event, artifact or end, got '{other}'");
        }
    }

    /// <param name="lines">How many there were.</param>
    public ExportSummary Finish(long lines, string hash) => _ended
        ? new ExportSummary(_id, _events, _artifacts, _quarantine is null ? _job?.State : null, hash)
        : throw HashChain.Broken(lines + 1, "expected the end, got the end of the file: it was cut off");

    private void Event(JsonElement element, long line)
    {
        var payload = element.TryGetProperty("data", out var data) ? Encoding.UTF8.GetBytes(data.GetRawText()) : Base64(element, line);
        if (Hash(payload) != Text(element, "sha256", line))
        {
            throw HashChain.Broken(line, "sha256: expected that of the payload");
        }

        var row = new JournalRow(
            Number(element, "shard", line), Position(element, line), _id, Number(element, "seq", line), _tenant, Text(element, "event", line), payload, At(element, line));
        if (row.Seq != ++_events)
        {
            throw HashChain.Broken(line, $"seq: expected {_events}, got '{row.Seq}'");
        }

        (_job, _quarantine) = _quarantine is null ? JobHistory.TryAdvance(_id, _job, row) : (_job, _quarantine);
        foreach (var artifact in NamedArtifacts.In(payload))
        {
            if (artifact.Inline is null)
            {
                _named.TryAdd(artifact.Sha256, line);
            }
            else if (Hash(Encoding.UTF8.GetBytes(artifact.Inline)) != artifact.Sha256)
            {
                throw HashChain.Broken(line, $"the {artifact.Kind} that the event carries is not what its hash {artifact.Sha256} says");
            }
        }
    }

    private void Artifact(JsonElement element, long line)
    {
        var sha256 = Text(element, "sha256", line);
        if (!_named.ContainsKey(sha256) || !_contents.Add(sha256))
        {
            throw HashChain.Broken(line, $"sha256: expected an artifact that an event before it names, once, got '{sha256}'");
        }

        _artifacts++;
        if (element.TryGetProperty("missing", out _))
        {
            Missing++;
            return;
        }

        var content = element.TryGetProperty("text", out var text) ? Encoding.UTF8.GetBytes(text.GetString() ?? "") : Base64(element, line);
        if (Hash(content) != sha256)
        {
            throw HashChain.Broken(line, $"the {Text(element, "kind", line)} is not what its hash {sha256} says");
        }
    }

    private void End(JsonElement element, long line)
    {
        _ended = true;
        Expect("events", Number(element, "events", line), _events, line);
        Expect("artifacts", Number(element, "artifacts", line), _artifacts, line);
        var state = _job is null ? null : WireNames.Of(_job.State);
        if (element.GetProperty("state").GetString() != state)
        {
            throw HashChain.Broken(line, $"state: expected {state}, which the replay ends in, got '{element.GetProperty("state")}'");
        }

        if (_complete && _named.Keys.FirstOrDefault(name => !_contents.Contains(name)) is { } absent)
        {
            throw HashChain.Broken(line, $"expected the artifact {absent}, which line {_named[absent]} names, before the end");
        }
    }

    private static void Expect(string name, int given, int counted, long line)
    {
        if (given != counted)
        {
            throw HashChain.Broken(line, $"{name}: expected {counted}, which is how many there were, got '{given}'");
        }
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string Text(JsonElement element, string name, long line) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw HashChain.Broken(line, $"{name}: expected a text");

    private static int Number(JsonElement element, string name, long line) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw HashChain.Broken(line, $"{name}: expected a whole number");

    private static long Position(JsonElement element, long line) =>
        element.TryGetProperty("shardSeq", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw HashChain.Broken(line, "shardSeq: expected a whole number");

    private static DateTimeOffset At(JsonElement element, long line) =>
        element.TryGetProperty("at", out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at)
            ? at
            : throw HashChain.Broken(line, "at: expected a time");

    private static byte[] Base64(JsonElement element, long line) =>
        element.TryGetProperty("base64", out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw HashChain.Broken(line, "expected a payload in data, text or base64");
}
