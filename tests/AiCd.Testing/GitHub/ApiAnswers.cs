using System.Globalization;
using System.Text.Json.Nodes;

namespace AiCd.Testing.GitHub;

/// <summary>What the API answers: who asks, limits, ETags and pages here; the resources in the files beside this one.</summary>
internal sealed partial class ApiAnswers(FakeGitHub fake)
{
    private static readonly string[] AsApp = ["app", "app/installations", "app/hook"];

    private readonly List<DateTimeOffset> _made = [];

    public async Task<ApiAnswer> AnswerAsync(RecordedRequest request)
    {
        var (caller, refusal) = Authenticate(request);
        var answer = refusal ?? Limited(request) ?? await RouteAsync(request, caller);
        if (request.Method == "GET" && answer.Status == 200)
        {
            answer.Headers["ETag"] = answer.ETag;
            answer = request.Headers.GetValueOrDefault("If-None-Match") == answer.ETag ? answer with { Status = 304 } : answer;
        }

        answer.Headers["x-ratelimit-limit"] = "5000";
        answer.Headers["x-ratelimit-remaining"] = fake.RemainingRequests.ToString(CultureInfo.InvariantCulture);
        answer.Headers["x-ratelimit-reset"] = fake.LimitResetsAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        answer.Headers["Date"] = fake.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        return answer;
    }

    private (Caller? Caller, ApiAnswer? Refusal) Authenticate(RecordedRequest request)
    {
        var header = request.Headers.GetValueOrDefault("Authorization");
        if (header is null)
        {
            return (null, request.Method == "GET" && request.Path.StartsWith("repos/", StringComparison.Ordinal) ? null : Error(401, "Requires authentication"));
        }

        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : "";
        if (IsForApp(request))
        {
            var objection = token.Split('.').Length == 3 ? AppToken.Objection(fake.App, token, fake.Clock.GetUtcNow()) : "A JSON web token could not be decoded";
            return (null, objection is null ? null : Error(401, objection));
        }

        var caller = Caller.Of(fake, token);
        return (caller, caller is null ? Error(401, "Bad credentials") : null);
    }

    private static bool IsForApp(RecordedRequest request) => AsApp.Any(path => request.Path == path || request.Path.StartsWith(path + "/", StringComparison.Ordinal))
        || request.Path.EndsWith("/installation", StringComparison.Ordinal);

    private ApiAnswer? Limited(RecordedRequest request)
    {
        if (fake.RemainingRequests <= 0 && fake.Clock.GetUtcNow() < fake.LimitResetsAt)
        {
            return Error(403, "API rate limit exceeded for installation");
        }

        if (!request.MakesContent || fake.ContentPerMinute is not { } limit)
        {
            return null;
        }

        lock (fake.Gate)
        {
            _made.RemoveAll(at => at <= request.At - TimeSpan.FromMinutes(1));
            if (_made.Count >= limit)
            {
                return Error(403, "You have exceeded a secondary rate limit") with { Headers = new() { ["Retry-After"] = "60" } };
            }

            _made.Add(request.At);
            return null;
        }
    }

    private async Task<ApiAnswer> RouteAsync(RecordedRequest request, Caller? caller)
    {
        var parts = request.Path.Split('/');
        return parts switch
        {
            ["app", ..] or ["installation", ..] or ["user"] or ["repos", _, _, "installation"] => Identity(request, parts, caller),
            ["graphql"] => GraphQl(request, caller!),
            ["repos", var owner, var name, .. var rest] => fake.Renames.TryGetValue($"{owner}/{name}", out var renamed)
                ? Moved(request, renamed, rest)
                : fake.Find($"{owner}/{name}") is { } repository && (caller is null ? !repository.Private : caller.Reads(repository))
                    ? await RepositoryAsync(request, repository, rest, caller)
                    : Error(404, "Not Found"),
            _ => Error(404, "Not Found"),
        };
    }

    private async Task<ApiAnswer> RepositoryAsync(RecordedRequest request, FakeRepository repository, string[] rest, Caller? caller)
    {
        if (request.Method != "GET" && (caller is null || repository.Archived))
        {
            return Error(403, repository.Archived ? "Repository was archived so is read-only." : "Requires authentication");
        }

        if (rest is ["forks"])
        {
            return await ForkAsync(repository, caller!);
        }

        if (rest is ["pulls"] && request.Method == "POST")
        {
            return await CreatePullAsync(request, repository, caller!);
        }

        if (rest is ["git", "commits", var sha])
        {
            return await CommitAsync(repository, sha);
        }

        if (rest is ["contents", var path])
        {
            return await ContentsAsync(repository, path, request.Query.GetValueOrDefault("ref", repository.DefaultBranch));
        }

        lock (fake.Gate)
        {
            return rest switch
            {
                [] => new ApiAnswer(200, Shapes.Repository(fake, repository, caller)),
                ["collaborators", var login, "permission"] => Permission(repository, login),
                ["issues", ..] => Issues(request, repository, rest[1..], caller!),
                ["pulls", ..] => Pulls(request, repository, rest[1..], caller!),
                ["check-runs", ..] or ["commits", ..] or ["statuses", ..] => Checks(request, repository, rest, caller!),
                _ => Error(404, "Not Found"),
            };
        }
    }

    private ApiAnswer GraphQl(RecordedRequest request, Caller caller)
    {
        lock (fake.Gate)
        {
            return new ApiAnswer(200, GraphQuery.Answer(request.Body, (owner, name, number) =>
                fake.Find(fake.Renames.GetValueOrDefault($"{owner}/{name}", $"{owner}/{name}")) is { } repository && caller.Reads(repository)
                    ? (repository, repository.Issues.FirstOrDefault(issue => issue.Number == number))
                    : null));
        }
    }

    private ApiAnswer Moved(RecordedRequest request, string renamed, string[] rest) => new(request.Method == "GET" ? 301 : 307, new JsonObject { ["message"] = "Moved Permanently" })
    {
        Headers = new()
        {
            ["Location"] = $"{fake.ApiUrl}/{string.Join('/', ["repos", renamed, .. rest])}"
                + (request.Query.Count == 0 ? "" : "?" + string.Join('&', request.Query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))),
        },
    };

    private ApiAnswer Page(RecordedRequest request, IEnumerable<JsonNode> items, Func<JsonArray, JsonNode>? wrap = null)
    {
        var size = Math.Min(fake.PageSize, int.Parse(request.Query.GetValueOrDefault("per_page", "30"), CultureInfo.InvariantCulture));
        var page = int.Parse(request.Query.GetValueOrDefault("page", "1"), CultureInfo.InvariantCulture);
        var all = items.ToList();
        var array = new JsonArray([.. all.Skip((page - 1) * size).Take(size)]);
        var answer = new ApiAnswer(200, wrap is null ? array : wrap(array));
        if (page * size < all.Count)
        {
            var query = string.Join('&', request.Query.Where(pair => pair.Key != "page").Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
            var url = $"{fake.ApiUrl}/{request.Path}?{query}&page=";
            answer.Headers["Link"] = string.Create(
                CultureInfo.InvariantCulture, $"<{url}{page + 1}>; rel=\"next\", <{url}{(all.Count + size - 1) / size}>; rel=\"last\"");
        }

        return answer;
    }

    private static ApiAnswer Error(int status, string message, params IReadOnlyList<string> errors) => new(status, new JsonObject
    {
        ["message"] = message,
        ["errors"] = errors.Count == 0 ? null : new JsonArray([.. errors.Select(error => (JsonNode)new JsonObject { ["resource"] = "PullRequest", ["code"] = "custom", ["message"] = error })]),
        ["documentation_url"] = "https://docs.github.com/rest",
        ["status"] = status.ToString(CultureInfo.InvariantCulture),
    });
}
