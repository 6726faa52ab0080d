using System.Text;
using System.Text.Json;

namespace AiCd.Actors.Tests.Jobs.Stored;

/// <summary>
/// stored-events.jsonl: payloads of every event as journals hold them, of every version that was ever written. Lines are added, never changed.
/// A line of an older version bears in <c>now</c> what the event is written as today.
/// </summary>
/// <param name="Line">From 1.</param>
internal sealed record StoredEventLine(int Line, string Event, int Version, byte[] Payload, byte[]? Now)
{
    public static IReadOnlyList<StoredEventLine> All { get; } = Read();

    public override string ToString() => $"line {Line}: {Event}";

    private static List<StoredEventLine> Read()
    {
        using var stream = typeof(StoredEventLine).Assembly.GetManifestResourceStream("stored-events.jsonl")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((text, index) => Parse(text, index + 1))];
    }

    private static StoredEventLine Parse(string text, int line)
    {
        using var json = JsonDocument.Parse(text);
        var payload = json.RootElement.GetProperty("payload");
        return new StoredEventLine(
            line,
            json.RootElement.GetProperty("event").GetString()!,
            payload.TryGetProperty("v", out var version) ? version.GetInt32() : 1,
            Encoding.UTF8.GetBytes(payload.GetRawText()),
            json.RootElement.TryGetProperty("now", out var now) ? Encoding.UTF8.GetBytes(now.GetRawText()) : null);
    }
}
