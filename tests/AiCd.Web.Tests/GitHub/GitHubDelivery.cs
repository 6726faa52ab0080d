using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiCd.Testing;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.GitHub;

/// <summary>Deliveries as GitHub makes and signs them.</summary>
internal static class GitHubDelivery
{
    public const string Secret = "not a secret";

    private static long _ids;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static JsonObject Labeled(string owner, long? installation = null, string login = "ann", string label = "aicd", string title = "Fix the till", string type = "User") =>
        With(Event("labeled", owner, installation, login, type, title), "label", new JsonObject { ["name"] = label });

    public static JsonObject Edited(string owner, string title, long? installation = null, string login = "ann") => Event("edited", owner, installation, login, "User", title);

    public static JsonObject Comment(string owner, string text, long? installation = null, string login = "ann", string type = "User", DateTimeOffset? at = null) => With(
        Event("created", owner, installation, login, type, "Fix the till"),
        "comment",
        new JsonObject
        {
            ["id"] = Interlocked.Increment(ref _ids),
            ["body"] = text,
            ["user"] = new JsonObject { ["login"] = login, ["type"] = type },
            ["created_at"] = at,
        });

    /// <summary>A pull request of the repository, or its checks, as the event has them.</summary>
    public static JsonObject PullRequest(string owner, string action, string part, JsonNode told, long? installation = null)
    {
        var e = With(Event(action, owner, installation, "ann", "User", "Fix the till"), part, told);
        e.Remove("issue");
        return e;
    }

    /// <returns>The delivery's id.</returns>
    public static async Task<string> SendAsync(WebServer server, string name, JsonObject body, string? id = null)
    {
        id ??= Guid.NewGuid().ToString();
        server.Issues.Show(body);
        (await PostAsync(server, name, body.ToJsonString(), id)).ShouldBe(HttpStatusCode.Accepted);
        return id;
    }

    public static async Task<HttpStatusCode> PostAsync(WebServer server, string name, string body, string id, string secret = Secret)
    {
        using var client = server.Client();
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
        using var response = await client.ResponseAsync(
            HttpMethod.Post, "/webhooks/github", new StringContent(body, Encoding.UTF8, "application/json"),
            ("X-GitHub-Delivery", id), ("X-GitHub-Event", name), ("X-Hub-Signature-256", signature));
        return response.StatusCode;
    }

    /// <summary>What came of the delivery, once it was applied.</summary>
    public static async Task<string> OutcomeAsync(WebServer server, string id)
    {
        string? outcome = null;
        await Eventually.HoldsAsync(
            async () => (outcome = await server.WebStore.FindDeliveryAsync(id, Token) is { AppliedAt: not null } applied ? applied.Outcome : null) is not null, Token);
        return outcome!;
    }

    private static JsonObject Event(string action, string owner, long? installation, string login, string type, string title)
    {
        var e = new JsonObject
        {
            ["action"] = action,
            ["repository"] = new JsonObject { ["full_name"] = $"{owner}/shop", ["clone_url"] = $"https://github.com/{owner}/shop", ["default_branch"] = "main" },
            ["sender"] = new JsonObject { ["login"] = login, ["type"] = type },
            ["issue"] = new JsonObject
            {
                ["number"] = 12,
                ["title"] = title,
                ["body"] = "It does not open",
                ["html_url"] = $"https://github.com/{owner}/shop/issues/12",
                ["labels"] = new JsonArray(new JsonObject { ["name"] = "aicd" }),
            },
        };
        return installation is { } id ? With(e, "installation", new JsonObject { ["id"] = id }) : e;
    }

    private static JsonObject With(JsonObject e, string name, JsonNode value)
    {
        e[name] = value;
        return e;
    }
}
