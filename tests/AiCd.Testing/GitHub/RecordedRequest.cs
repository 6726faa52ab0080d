using System.Text.Json;

namespace AiCd.Testing.GitHub;

/// <summary>A request as it came.</summary>
/// <param name="Path">Below the API's root, without a leading slash; of a request of git, the whole path.</param>
public sealed record RecordedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, byte[] Content, DateTimeOffset At, bool IsGit)
{
    public string Name => $"{Method} {Path}";

    public JsonElement Body => JsonDocument.Parse(Content.Length == 0 ? "{}"u8.ToArray() : Content).RootElement;

    /// <summary>Whether it makes something that GitHub counts as content.</summary>
    public bool MakesContent => Method == "POST" && (Path.EndsWith("/pulls", StringComparison.Ordinal) || Path.EndsWith("/comments", StringComparison.Ordinal)
        || Path.EndsWith("/check-runs", StringComparison.Ordinal) || Path.EndsWith("/forks", StringComparison.Ordinal) || Path.Contains("/statuses/", StringComparison.Ordinal));
}
