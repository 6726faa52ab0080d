namespace AiCd.Agents.Cassettes;

/// <summary>
/// The keys that a request bears. They stand in its headers, which no cassette keeps; a server may still repeat them in its answer, and
/// careless people may have put them into a text.
/// </summary>
internal sealed class RequestSecrets(IReadOnlyList<string> secrets)
{
    private const string Hidden = "***";

    // What stands in for a key where none is needed would tear up ordinary text.
    private const int Shortest = 8;

    private static readonly string[] Headers = ["authorization", "x-api-key", "api-key"];

    public static RequestSecrets Of(HttpRequestMessage request) => new(
    [
        .. request.Headers
            .Where(header => Headers.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .SelectMany(header => header.Value)
            .Select(value => value[(value.LastIndexOf(' ') + 1)..])
            .Where(value => value.Length >= Shortest)
            .Distinct(StringComparer.Ordinal),
    ]);

    public string Hide(string text) => secrets.Aggregate(text, (shown, secret) => shown.Replace(secret, Hidden, StringComparison.Ordinal));
}
