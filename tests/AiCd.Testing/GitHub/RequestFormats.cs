using System.Text.Json;

namespace AiCd.Testing.GitHub;

/// <summary>
/// The published formats of the requests that GitHub takes: method, path, parameters, and the fields of the body with their kinds. A field
/// that GitHub does not document is a violation, and so is a documented one that is missing or of another kind.
/// </summary>
internal static class RequestFormats
{
    private const string Text = "text";
    private const string Flag = "flag";
    private const string Texts = "texts";
    private const string Map = "map";

    private static readonly string[] Paging = ["per_page", "page"];

    private static readonly Format[] All =
    [
        new("POST", "graphql", [], [new("query", Text, true), new("variables", Map, false), new("operationName", Text, false)]),
        new("GET", "app", [], []),
        new("GET", "app/installations", [.. Paging, "since", "outdated"], []),
        new("GET", "app/installations/{id}", [], []),
        new("POST", "app/installations/{id}/access_tokens", [], [new("repositories", Texts, false), new("repository_ids", "numbers", false), new("permissions", Map, false)]),
        new("GET", "app/hook/deliveries", ["per_page", "cursor", "status"], []),
        new("POST", "app/hook/deliveries/{id}/attempts", [], []),
        new("GET", "installation/repositories", Paging, []),
        new("GET", "user", [], []),
        new("GET", "repos/{o}/{r}", [], []),
        new("GET", "repos/{o}/{r}/installation", [], []),
        new("GET", "repos/{o}/{r}/contents/{path}", ["ref"], []),
        new("GET", "repos/{o}/{r}/git/commits/{sha}", [], []),
        new("GET", "repos/{o}/{r}/collaborators/{u}/permission", [], []),
        new("POST", "repos/{o}/{r}/forks", [], [new("organization", Text, false), new("name", Text, false), new("default_branch_only", Flag, false)]),
        new("GET", "repos/{o}/{r}/pulls", [.. Paging, "state", "head", "base", "sort", "direction"], []),
        new("POST", "repos/{o}/{r}/pulls", [],
        [
            new("title", Text, false), new("head", Text, true), new("head_repo", Text, false), new("base", Text, true), new("body", Text, false),
            new("maintainer_can_modify", Flag, false), new("draft", Flag, false), new("issue", "number", false),
        ]),
        new("GET", "repos/{o}/{r}/pulls/{n}", [], []),
        new("GET", "repos/{o}/{r}/pulls/{n}/reviews", Paging, []),
        new("GET", "repos/{o}/{r}/pulls/{n}/comments", [.. Paging, "sort", "direction", "since"], []),
        new("PATCH", "repos/{o}/{r}/pulls/{n}", [],
            [new("title", Text, false), new("body", Text, false), new("state", Text, false), new("base", Text, false), new("maintainer_can_modify", Flag, false)]),
        new("POST", "repos/{o}/{r}/pulls/{n}/requested_reviewers", [], [new("reviewers", Texts, false), new("team_reviewers", Texts, false)]),
        new("GET", "repos/{o}/{r}/issues", [.. Paging, "milestone", "state", "assignee", "creator", "mentioned", "labels", "sort", "direction", "since"], []),
        new("GET", "repos/{o}/{r}/issues/{n}", [], []),
        new("GET", "repos/{o}/{r}/issues/{n}/events", Paging, []),
        new("GET", "repos/{o}/{r}/issues/{n}/comments", [.. Paging, "since"], []),
        new("POST", "repos/{o}/{r}/issues/{n}/comments", [], [new("body", Text, true)]),
        new("GET", "repos/{o}/{r}/issues/comments", [.. Paging, "sort", "direction", "since"], []),
        new("PATCH", "repos/{o}/{r}/issues/comments/{id}", [], [new("body", Text, true)]),
        new("DELETE", "repos/{o}/{r}/issues/comments/{id}", [], []),
        new("POST", "repos/{o}/{r}/issues/{n}/labels", [], [new("labels", Texts, false)]),
        new("POST", "repos/{o}/{r}/issues/{n}/assignees", [], [new("assignees", Texts, false)]),
        new("GET", "repos/{o}/{r}/commits/{sha}/check-runs", [.. Paging, "check_name", "status", "filter", "app_id"], []),
        new("POST", "repos/{o}/{r}/check-runs", [], [new("name", Text, true), new("head_sha", Text, true), .. Check]),
        new("PATCH", "repos/{o}/{r}/check-runs/{id}", [], [new("name", Text, false), .. Check]),
        new("GET", "repos/{o}/{r}/commits/{sha}/statuses", Paging, []),
        new("POST", "repos/{o}/{r}/statuses/{sha}", [],
            [new("state", Text, true), new("target_url", Text, false), new("description", Text, false), new("context", Text, false)]),
    ];

    private static Field[] Check =>
    [
        new("details_url", Text, false), new("external_id", Text, false), new("status", Text, false), new("started_at", Text, false), new("conclusion", Text, false),
        new("completed_at", Text, false), new("output", Map, false), new("actions", "list", false),
    ];

    /// <summary>The templates of all requests that are known.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(format => format.Name)];

    /// <returns>The template that the request fits, or null.</returns>
    public static string? NameOf(RecordedRequest request) => Find(request)?.Name;

    /// <summary>What of the request GitHub does not document.</summary>
    public static IEnumerable<string> Violations(RecordedRequest request)
    {
        foreach (var (header, expected) in new[] { ("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28") })
        {
            if (request.Headers.GetValueOrDefault(header) != expected)
            {
                yield return $"{request.Name}: expected the header {header}: {expected}, got '{request.Headers.GetValueOrDefault(header)}'";
            }
        }

        if (!request.Headers.TryGetValue("User-Agent", out var agent) || agent.Length == 0)
        {
            yield return $"{request.Name}: expected a User-Agent";
        }

        if (Find(request) is not { } format)
        {
            yield return $"{request.Name}: no such request is documented";
            yield break;
        }

        foreach (var parameter in request.Query.Keys.Except(format.Parameters))
        {
            yield return $"{request.Name}: the parameter {parameter} is not documented";
        }

        foreach (var problem in BodyProblems(request, format))
        {
            yield return $"{request.Name}: {problem}";
        }
    }

    private static IEnumerable<string> BodyProblems(RecordedRequest request, Format format)
    {
        if (request.Content.Length == 0)
        {
            return format.Fields.Where(field => field.Required).Select(field => $"the field {field.Name} is missing");
        }

        if (request.Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            return ["expected the content type application/json"];
        }

        var body = request.Body;
        return
        [
            .. body.EnumerateObject().Where(property => format.Fields.All(field => field.Name != property.Name)).Select(property => $"the field {property.Name} is not documented"),
            .. format.Fields.Where(field => field.Required && !body.TryGetProperty(field.Name, out _)).Select(field => $"the field {field.Name} is missing"),
            .. format.Fields.Where(field => body.TryGetProperty(field.Name, out var value) && !field.Fits(value)).Select(field => $"the field {field.Name} is not a {field.Kind}"),
        ];
    }

    private static Format? Find(RecordedRequest request) => All.FirstOrDefault(format => format.Method == request.Method && format.Fits(request.Path.Split('/')));

    private sealed record Format(string Method, string Template, IReadOnlyList<string> Parameters, IReadOnlyList<Field> Fields)
    {
        public string Name => $"{Method} {Template}";

        public bool Fits(string[] path)
        {
            var parts = Template.Split('/');
            return parts.Length == path.Length && parts.Zip(path).All(pair => pair.First.StartsWith('{') ? pair.Second.Length > 0 && !IsWord(pair.First, pair.Second) : pair.First == pair.Second);
        }

        /// <summary>A number's place takes no word: <c>issues/comments</c> is another path.</summary>
        private static bool IsWord(string place, string part) => place is "{n}" or "{id}" && !part.All(char.IsAsciiDigit);
    }

    private sealed record Field(string Name, string Kind, bool Required)
    {
        public bool Fits(JsonElement value) => Kind switch
        {
            Text => value.ValueKind == JsonValueKind.String,
            Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "number" => value.ValueKind == JsonValueKind.Number,
            Map => value.ValueKind == JsonValueKind.Object,
            Texts => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
            _ => value.ValueKind == JsonValueKind.Array,
        };
    }
}
