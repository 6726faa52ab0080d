using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AiCd.Agents.Cassettes;

/// <summary>A request as cassettes know it: without headers, and so without keys.</summary>
internal static class RequestForm
{
    private const int MaxText = 160;

    private static readonly string[] LeftOut = ["cache_control", "stream_options", "metadata", "user"];

    /// <summary>As it was sent.</summary>
    public static JsonObject Of(string method, string path, string body) => new()
    {
        ["method"] = method,
        ["path"] = path,
        ["body"] = body.Length == 0 ? null : JsonNode.Parse(body),
    };

    /// <summary>
    /// In a form that is the same in every run: members sorted, no caching marks, long texts by their hash. What commands printed is left
    /// out, because it is this machine's and this moment's; which call it answers is not.
    /// </summary>
    public static JsonObject Normal(JsonObject sent) => new(sent.Select(member => KeyValuePair.Create(member.Key, Normal(member.Value))));

    private static JsonNode? Normal(JsonNode? node) => node switch
    {
        JsonObject result when result["type"]?.ToString() == "tool_result" => Sorted(result, "content"),
        JsonObject message when message["role"]?.ToString() == "tool" => Sorted(message, "content"),
        JsonObject other => Sorted(other, except: null),
        JsonArray list => new JsonArray([.. list.Select(Normal)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Short(Fixed(text)),
        _ => node?.DeepClone(),
    };

    private static JsonObject Sorted(JsonObject node, string? except) => new(node
        .Where(member => member.Key != except && !LeftOut.Contains(member.Key))
        .OrderBy(member => member.Key, StringComparer.Ordinal)
        .Select(member => KeyValuePair.Create(member.Key, Normal(member.Value))));

    /// <summary>What a prompt repeats of the output of commands is left out there too.</summary>
    private static string Fixed(string text)
    {
        const string begin = "<untrusted what=\"output\"";
        var kept = new StringBuilder();
        var at = 0;
        while (text.IndexOf(begin, at, StringComparison.Ordinal) is >= 0 and var from && text.IndexOf("</untrusted", from, StringComparison.Ordinal) is >= 0 and var to)
        {
            kept.Append(text, at, from - at).Append("<output>");
            at = text.IndexOf('>', to) is >= 0 and var end ? end + 1 : text.Length;
        }

        return kept.Append(text, at, text.Length - at).ToString();
    }

    private static string Short(string text) => text.Length <= MaxText
        ? text
        : $"{text[..(MaxText / 2)]}… ({text.Length} characters, sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]})";
}
