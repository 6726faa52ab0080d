using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace AiCd.Web.Tests.Support;

/// <summary>Requests and answers, as a program sees them.</summary>
internal static class Api
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static object Job(string title = "Greet", string tenant = "acme", object? more = null)
    {
        var job = new JsonObject { ["title"] = title, ["repository"] = $"/repos/{tenant}.git", ["body"] = "Say hello" };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
        {
            job[name] = value?.DeepClone();
        }

        return job;
    }

    public static async Task<string> SubmitAsync(this HttpClient client, string title = "Greet", string tenant = "acme", object? more = null)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Post, "/api/v1/jobs", Job(title, tenant, more));
        status.ShouldBe(HttpStatusCode.Created, body?.ToJsonString());
        return (string)body!["id"]!;
    }

    public static async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        this HttpClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await client.ResponseAsync(method, path, body, headers);
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    public static async Task<HttpResponseMessage> ResponseAsync(
        this HttpClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            HttpContent content => content,
            _ => JsonContent.Create(body),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public static Task<(HttpStatusCode Status, JsonNode? Body)> AskAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Get, path, null, headers);

    public static Task<(HttpStatusCode Status, JsonNode? Body)> TellAsync(
        this HttpClient client, string path, object? body = null, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Post, path, body, headers);

    /// <summary>An error must say which it is, and where.</summary>
    public static void ShouldBeProblem(this (HttpStatusCode Status, JsonNode? Body) answer, HttpStatusCode status, string type, string? field = null)
    {
        answer.Status.ShouldBe(status, answer.Body?.ToJsonString());
        ((string?)answer.Body?["type"]).ShouldBe($"urn:aicd:problem:{type}", answer.Body?.ToJsonString());
        ((int?)answer.Body!["status"]).ShouldBe((int)status);
        ((string?)answer.Body["title"]).ShouldNotBeNullOrWhiteSpace();
        if (field is not null)
        {
            ((string?)answer.Body["field"]).ShouldBe(field);
            ((string?)answer.Body["expected"]).ShouldNotBeNullOrWhiteSpace();
        }
    }
}
