using System.Text.Json.Nodes;

namespace AiCd.Actors.Tests.Jobs.Stored;

/// <summary>A JSON tree with one node taken out or put in another's place, in every way.</summary>
internal static class JsonMutants
{
    private static readonly string[] Replacements = ["null", "42", "-1.5", "1e40", "true", "\"text\"", "[]", "[null]", "[[]]", "{}", "{\"x\":1}"];

    public static IEnumerable<JsonNode> Of(JsonNode root)
    {
        foreach (var path in Paths(root, []))
        {
            yield return Changed(root, path, (parent, key) => Remove(parent, key));
            foreach (var replacement in Replacements)
            {
                yield return Changed(root, path, (parent, key) => Put(parent, key, JsonNode.Parse(replacement)));
            }
        }
    }

    /// <summary>What a tree says: null says no more than absence.</summary>
    public static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, WithoutNulls(member.Value)))),
        JsonArray a => new JsonArray([.. a.Select(WithoutNulls)]),
        _ => node?.DeepClone(),
    };

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        var children = node switch
        {
            JsonObject o => o.Select(member => ((object)member.Key, member.Value)),
            JsonArray a => a.Select((element, index) => ((object)index, element)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            object[] childPath = [.. path, key];
            yield return childPath;
            foreach (var inner in Paths(child, childPath))
            {
                yield return inner;
            }
        }
    }

    private static JsonNode Changed(JsonNode root, object[] path, Action<JsonNode, object> change)
    {
        var copy = root.DeepClone();
        var parent = path[..^1].Aggregate(copy, (node, key) => key is int index ? node[index]! : node[(string)key]!);
        change(parent, path[^1]);
        return copy;
    }

    private static void Remove(JsonNode parent, object key)
    {
        if (key is int index)
        {
            parent.AsArray().RemoveAt(index);
        }
        else
        {
            parent.AsObject().Remove((string)key);
        }
    }

    private static void Put(JsonNode parent, object key, JsonNode? value)
    {
        if (key is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)key] = value;
        }
    }
}
