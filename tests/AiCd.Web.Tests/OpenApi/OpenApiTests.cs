using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiCd.Web.Store;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.OpenApi;

public sealed class OpenApiTests : IAsyncLifetime
{
    /// <summary>Set to write the description anew after the API was changed on purpose.</summary>
    private const string Rewrite = "AICD_WRITE_OPENAPI";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(settings: new Dictionary<string, string?> { ["AiCd:Web:RequestBurst"] = "1000000" });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_description_in_the_docs_is_the_one_that_is_served()
    {
        var served = (await DescriptionAsync()).ToJsonString(Indented) + "\n";
        var file = Path.Combine(FindRepository(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Rewrite) is { Length: > 0 })
        {
            await File.WriteAllTextAsync(file, served, Token);
        }

        (await File.ReadAllTextAsync(file, Token)).ShouldBe(served, $"Run this test with {Rewrite}=1 to bring docs/openapi.json up to date");
    }

    [Fact]
    public async Task The_description_is_complete()
    {
        var description = await DescriptionAsync();

        ((string)description["openapi"]!).ShouldStartWith("3.1");
        description["components"]!["securitySchemes"]!["key"].ShouldNotBeNull();
        var operations = Operations(description).ToList();
        operations.Count.ShouldBeGreaterThan(25);
        operations.Select(operation => (string)operation.Value["operationId"]!).ShouldBeUnique();
        foreach (var operation in operations)
        {
            var name = $"{operation.Method} {operation.Path}";
            ((string?)operation.Value["summary"]).ShouldNotBeNullOrWhiteSpace(name);
            operation.Value["tags"]!.AsArray().ShouldNotBeEmpty(name);
            var responses = operation.Value["responses"]!.AsObject();
            responses.Any(response => response.Key[0] == '2').ShouldBeTrue(name);
            responses.Where(response => response.Key[0] is '4' or '5').ShouldAllBe(response => response.Value!["content"]!["application/problem+json"] != null, name);
            if (operation.Path.StartsWith("/api/", StringComparison.Ordinal))
            {
                operation.Value["security"]!.AsArray().ShouldNotBeEmpty(name);
                responses.ContainsKey("401").ShouldBeTrue(name);
            }

            if (operation.Value["requestBody"] is { } body && operation.Path.StartsWith("/api/", StringComparison.Ordinal))
            {
                var json = body["content"]!["application/json"]!;
                json["example"].ShouldNotBeNull(name);
                json["schema"].ShouldNotBeNull(name);
            }
        }
    }

    [Fact]
    public async Task No_operation_fails_whatever_it_is_given()
    {
        var id = await _server.Admin.SubmitAsync("hold:CODING", "umbra");
        var (_, key) = await _server.Admin.TellAsync("/api/v1/keys", new { name = "walk", scopes = new[] { "read" } });
        var delivery = Guid.NewGuid().ToString();
        await _server.WebStore.ReceiveAsync(new Delivery(delivery, "ping", "{}"u8.ToArray(), DateTimeOffset.UnixEpoch), Token);
        var valid = new Dictionary<string, string>
        {
            ["id"] = id,
            ["sha256"] = new string('a', 64),
            ["stage"] = "CODING",
            ["tenant"] = "acme",
            ["key"] = (string)key!["details"]!["id"]!,
            ["delivery"] = delivery,
            ["at"] = "1",
            ["limit"] = "2",
        };
        var answers = new List<string>();
        foreach (var operation in Operations(await DescriptionAsync()).Where(operation => !operation.Path.EndsWith("/stream", StringComparison.Ordinal)))
        {
            foreach (var path in Paths(operation, valid))
            {
                foreach (var body in Bodies(operation))
                {
                    using var response = await _server.Admin.ResponseAsync(new HttpMethod(operation.Method.ToUpperInvariant()), path, body);
                    var text = await response.Content.ReadAsStringAsync(Token);
                    ((int)response.StatusCode).ShouldBeLessThan(500, $"{operation.Method} {path} {body}: {text}");
                    if ((int)response.StatusCode >= 400 && !path.Contains("%00", StringComparison.Ordinal))
                    {
                        text.ShouldContain("urn:aicd:problem:", Case.Sensitive, $"{operation.Method} {path} {body}: {(int)response.StatusCode}");
                    }

                    answers.Add($"{operation.Value["operationId"]} {(int)response.StatusCode}");
                }
            }
        }

        answers.Count.ShouldBeGreaterThan(300);
        answers.Count(answer => answer.EndsWith("200", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
        _server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_that_shows_the_description_is_served_without_a_key()
    {
        using var client = _server.Client();
        using var page = await client.ResponseAsync(HttpMethod.Get, "/docs/api/index.html");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.AskAsync("/openapi/v1.json")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonNode> DescriptionAsync()
    {
        using var client = _server.Client();
        return (await client.AskAsync("/openapi/v1.json")).Body!;
    }

    private static IEnumerable<(string Path, string Method, JsonNode Value)> Operations(JsonNode description) =>
        description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key, operation.Value!)));

    private static IEnumerable<string> Paths((string Path, string Method, JsonNode Value) operation, Dictionary<string, string> valid)
    {
        var parameters = operation.Value["parameters"]?.AsArray() ?? [];
        var query = parameters.Where(parameter => (string)parameter!["in"]! == "query").Select(parameter => (string)parameter!["name"]!).ToList();
        var path = valid.Aggregate(operation.Path, (text, value) => text.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));
        var required = query.Contains("at") ? "?at=1" : "";
        yield return path + required;
        yield return path;
        foreach (var odd in new[] { "%00", "..%2f..", "%F0%9F%9A%80", "-1", new string('9', 30), "null" })
        {
            yield return operation.Path.Contains('{', StringComparison.Ordinal)
                ? System.Text.RegularExpressions.Regex.Replace(operation.Path, "\\{[a-z0-9]+\\}", odd) + required
                : path + "?" + string.Join('&', query.DefaultIfEmpty("x").Select(name => $"{name}={odd}"));
            foreach (var name in query)
            {
                yield return $"{path}?{name}={odd}";
            }
        }
    }

    private static List<string?> Bodies((string Path, string Method, JsonNode Value) operation)
    {
        if (operation.Value["requestBody"]?["content"]?["application/json"]?["example"] is not JsonObject example)
        {
            return operation.Method == "get" ? [null] : [null, "{}", "[]"];
        }

        var bodies = new List<string?> { example.ToJsonString(), null, "", "{}", "null", "[]", "7", "\"x\"", "{\"nobody\":1}", "{" };
        foreach (var name in example.Select(member => member.Key))
        {
            foreach (var odd in new JsonNode?[] { null, JsonValue.Create(-1), JsonValue.Create(1e300), JsonValue.Create("\u0000"), JsonValue.Create(new string('x', 10_000)), new JsonArray(), new JsonObject(), JsonValue.Create(true) })
            {
                var changed = example.DeepClone().AsObject();
                changed[name] = odd?.DeepClone();
                bodies.Add(changed.ToJsonString());
            }
        }

        return bodies;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiCd.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no AiCd.sln in {AppContext.BaseDirectory} or above");
    }
}
