using System.Text.Json.Nodes;

namespace AiCd.Agents.Cassettes;

/// <summary>
/// A request as people write it, who say what matters and leave the rest open: a member that is not named may be anything, … in a text
/// stands for any text, and a list that begins with … tells its last elements only. What a tool said can so be asked for as well.
/// </summary>
internal static class RequestPattern
{
    private const char Anything = '…';

    /// <returns>Where the request does not fit, as a path, or null where it fits.</returns>
    public static string? Difference(JsonNode? pattern, JsonNode? sent, string path = "request") => (pattern, sent) switch
    {
        (JsonObject members, JsonObject there) => members
            .Select(member => Difference(member.Value, there[member.Key], $"{path}.{member.Key}"))
            .FirstOrDefault(difference => difference is not null),
        (JsonArray list, JsonArray there) => Difference(list, there, path),
        (JsonValue, JsonValue) when TextOf(pattern) is { } words && TextOf(sent) is { } text => Fits(words, text) ? null : path,
        _ => JsonNode.DeepEquals(pattern, sent) ? null : path,
    };

    private static string? Difference(JsonArray pattern, JsonArray sent, string path)
    {
        var open = pattern is [{ } first, ..] && TextOf(first) == Anything.ToString();
        var told = open ? pattern.Count - 1 : pattern.Count;
        if (open ? sent.Count < told : sent.Count != told)
        {
            return $"{path}: {sent.Count} elements";
        }

        return Enumerable.Range(1, told)
            .Select(fromEnd => Difference(pattern[^fromEnd], sent[^fromEnd], $"{path}[{sent.Count - fromEnd}]"))
            .LastOrDefault(difference => difference is not null);
    }

    private static bool Fits(string pattern, string text)
    {
        if (pattern.Split(Anything) is not [var first, .. var middle, var last])
        {
            return pattern == text;
        }

        var end = text.Length - last.Length;
        var at = first.Length;
        if (end < at || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var piece in middle)
        {
            var found = text.AsSpan(at, end - at).IndexOf(piece, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at += found + piece.Length;
        }

        return true;
    }

    private static string? TextOf(JsonNode node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
