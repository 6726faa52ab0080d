using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Runtime;
using AiCd.Host.Output;

namespace AiCd.Host.Jobs;

/// <summary>A job's log, for people and for programs.</summary>
internal static class JobLogText
{
    private const string Indent = "    ";

    public static void Write(JobRecorded recorded, Job job) => Screen.Line(
        $"{recorded.Event.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffZ", CultureInfo.InvariantCulture)}  {WireNames.Of(recorded.State),-9}  {EventText.Of(recorded.Event, job)}");

    public static void Write(JobLogEntry entry)
    {
        Screen.Line($"{Indent}--- {TerminalText.Line(entry.Artifact.Kind)} {entry.Artifact.Sha256[..12]}, {entry.Artifact.Size} bytes");
        foreach (var (role, text) in TurnsOf(entry))
        {
            foreach (var (index, line) in TerminalText.Block(text).TrimEnd('\n').Split('\n').Index())
            {
                Screen.Line($"{Indent}{(role is null ? "" : index == 0 ? $"{TerminalText.Line(role, 20)}: " : "  ")}{line}".TrimEnd());
            }
        }
    }

    public static void WriteJson(JobLogEntry entry, JobId job) => Screen.Line(JsonSerializer.Serialize(
        new JobLogLine("log", job, entry.Seq, entry.Stage, entry.Artifact.Kind, entry.Artifact.Sha256, entry.Artifact.MediaType, entry.Text), JobLogJson.Default.JobLogLine));

    /// <summary>The turns of a transcript; any other text is one turn of nobody's.</summary>
    private static IEnumerable<(string? Role, string Text)> TurnsOf(JobLogEntry entry) => entry switch
    {
        { Text: null } => [(null, "(not in the store any more)")],
        { Artifact.Kind: ArtifactKinds.Checks } => ChecksOf(entry.Text),
        { Artifact.MediaType: "application/jsonl" } => entry.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TurnOf),
        _ => [(null, entry.Text)],
    };

    private static (string? Role, string Text) TurnOf(string line)
    {
        try
        {
            using var turn = JsonDocument.Parse(line);
            return turn.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
                && root.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                    ? (role.GetString(), text.GetString()!)
                    : (null, line);
        }
        catch (JsonException)
        {
            return (null, line);
        }
    }

    private static IEnumerable<(string? Role, string Text)> ChecksOf(string text)
    {
        try
        {
            var checks = JsonSerializer.Deserialize(text, JobJson.Default.ChecksResult);
            return checks is null
                ? [(null, text)]
                : checks.Checks.Select(check => ((string?)$"{check.Name} (exit code {check.ExitCode})", check.Log));
        }
        catch (JsonException)
        {
            return [(null, text)];
        }
    }
}

/// <param name="Text">Null where the store does not have it any more.</param>
internal sealed record JobLogLine(string Type, JobId JobId, int Seq, Stage? Stage, string Kind, string Sha256, string MediaType, string? Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JobLogLine))]
internal sealed partial class JobLogJson : JsonSerializerContext;
