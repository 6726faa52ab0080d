using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiCd.Testing.GitHub;

/// <summary>
/// As much of GraphQL as is asked: one operation with variables, fields with arguments, fragments. What the schema does not have is an
/// error, and nothing is answered that was not asked for.
/// </summary>
internal sealed partial class GraphQuery
{
    private readonly Queue<string> _tokens;
    private readonly JsonElement _variables;

    private GraphQuery(JsonElement body)
    {
        _tokens = new Queue<string>(Token().Matches(body.GetProperty("query").GetString()!).Select(match => match.Value));
        _variables = body.GetProperty("variables");
    }

    /// <param name="find">A repository that the asker may see, with the issue of that number.</param>
    public static JsonObject Answer(JsonElement body, Func<string, string, int, (FakeRepository Repository, FakeIssue? Issue)?> find)
    {
        try
        {
            var query = new GraphQuery(body);
            var root = query.Read().ShouldBeOne("repository");
            var issue = root.Fields.ShouldBeOne("issue");
            var (owner, name, number) = (query.Text(root, "owner"), query.Text(root, "name"), query.Variable(issue, "number").GetInt32());
            return find(owner, name, number) switch
            {
                null => NotFound("repository", $"Could not resolve to a Repository with the name '{owner}/{name}'."),
                { Issue: null } => NotFound("issue", $"Could not resolve to an Issue with the number of {number}."),
                { Repository: var repository, Issue: { } found } => new JsonObject
                {
                    ["data"] = new JsonObject { ["repository"] = Select(Shapes.Graph(repository, found), root.Fields) },
                },
            };
        }
        catch (GraphException error)
        {
            return new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["message"] = error.Message }) };
        }
    }

    private static JsonObject NotFound(string path, string message) => new()
    {
        ["data"] = new JsonObject { ["repository"] = null },
        ["errors"] = new JsonArray(new JsonObject { ["type"] = "NOT_FOUND", ["path"] = new JsonArray(path), ["message"] = message }),
    };

    private static JsonObject Select(JsonObject value, IReadOnlyList<Field> fields)
    {
        var selected = new JsonObject();
        var type = (string)value["__typename"]!;
        foreach (var field in fields.SelectMany(field => field.On is null ? [field] : field.On == type ? field.Fields : []))
        {
            if (!value.TryGetPropertyValue(field.Name, out var member))
            {
                throw new GraphException($"Field '{field.Name}' doesn't exist on type '{type}'");
            }

            if (type == "Issue" && field.Name == "timelineItems" && !field.Arguments.ContainsKey("last"))
            {
                throw new GraphException("You must provide a `first` or `last` value to properly paginate the `timelineItems` connection.");
            }

            selected[field.Name] = member switch
            {
                JsonObject or JsonArray when field.Fields.Count == 0 => throw new GraphException($"Field must have selections (field '{field.Name}' has no selections)"),
                JsonObject inner => Select(inner, field.Fields),
                JsonArray list => new JsonArray([.. list.Select(item => Select(item!.AsObject(), field.Fields))]),
                _ => member?.DeepClone(),
            };
        }

        return selected;
    }

    private List<Field> Read()
    {
        Expect("query");
        Skip("(", ")");
        return Selection();
    }

    private List<Field> Selection()
    {
        Expect("{");
        var fields = new List<Field>();
        while (!Take("}"))
        {
            if (Take("..."))
            {
                Expect("on");
                var type = _tokens.Dequeue();
                fields.Add(new Field("", type, new Dictionary<string, string>(), Selection()));
                continue;
            }

            var name = _tokens.Dequeue();
            var arguments = new Dictionary<string, string>();
            if (Take("("))
            {
                while (!Take(")"))
                {
                    var argument = _tokens.Dequeue();
                    Expect(":");
                    arguments[argument] = Take("[") ? string.Join(' ', Until("]")) : _tokens.Dequeue();
                }
            }

            fields.Add(new Field(name, null, arguments, _tokens.TryPeek(out var next) && next == "{" ? Selection() : []));
        }

        return fields;
    }

    private string Text(Field field, string argument) => Variable(field, argument).GetString()!;

    private JsonElement Variable(Field field, string argument) =>
        field.Arguments.GetValueOrDefault(argument) is ['$', .. var name] && _variables.TryGetProperty(name, out var value)
            ? value
            : throw new GraphException($"Field '{field.Name}' is missing required arguments: {argument}");

    private void Skip(string open, string close)
    {
        if (Take(open))
        {
            Until(close);
        }
    }

    private List<string> Until(string end)
    {
        var skipped = new List<string>();
        while (!Take(end))
        {
            skipped.Add(_tokens.Dequeue());
        }

        return skipped;
    }

    private bool Take(string token)
    {
        if (!_tokens.TryPeek(out var next))
        {
            throw new GraphException($"Expected {token}, actual: (none) (end of query)");
        }

        return next == token && _tokens.TryDequeue(out _);
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw new GraphException($"Expected {token}, actual: {_tokens.Peek()}");
        }
    }

    [GeneratedRegex(@"\.\.\.|\$?\w+|[{}()\[\]:!]")]
    private static partial Regex Token();
}

/// <param name="On">The type of a fragment, which has no name.</param>
internal sealed record Field(string Name, string? On, IReadOnlyDictionary<string, string> Arguments, IReadOnlyList<Field> Fields);

internal static class FieldList
{
    public static Field ShouldBeOne(this IReadOnlyList<Field> fields, string name) =>
        fields is [var field] && field.Name == name ? field : throw new GraphException($"Field '{fields[0].Name}' doesn't exist on this type; expected '{name}'");
}

internal sealed class GraphException(string message) : Exception(message);
