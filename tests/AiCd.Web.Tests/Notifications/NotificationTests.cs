using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Notifications;

public sealed class NotificationTests : IAsyncLifetime
{
    private const string Secret = "hush-hush-hush-hush";

    private HookReceiver _hook = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hook = await HookReceiver.StartAsync(Token);

    public ValueTask DisposeAsync() => _hook.DisposeAsync();

    [Fact]
    public async Task A_hook_hears_the_events_that_it_wants_of_the_tenants_that_it_wants_signed_and_each_once()
    {
        await using var server = await StartAsync(("Events:0", "PR_OPENED"), ("Events:1", "MARK_COMPLETED"), ("Tenants:0", "acme"));
        var theirs = await server.Umbra.SubmitAsync("Not for acme", "umbra");
        await server.UntilAsync(theirs, JobState.Completed);
        var id = await server.Acme.SubmitAsync("Greet <everybody> & all");
        await server.UntilAsync(id, JobState.Completed);

        await Eventually.HoldsAsync(() => _hook.Requests.Count == 2, Token);
        foreach (var (request, name) in _hook.Requests.OrderBy(request => (int)Json(request)["seq"]!).Zip(["PR_OPENED", "MARK_COMPLETED"]))
        {
            request.Headers["X-AiCd-Signature-256"].ShouldBe("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), request.Body)));
            request.Headers["X-AiCd-Event"].ShouldBe(name);
            var message = Json(request);
            request.Headers["X-AiCd-Delivery"].ShouldBe((string?)message["id"]);
            ((string?)message["event"], (string?)message["tenant"], (string?)message["job"]!["id"], (string?)message["job"]!["title"])
                .ShouldBe((name, "acme", id, "Greet <everybody> & all"));
            ((int)message["pullRequest"]!["number"]!).ShouldBeGreaterThan(0);
        }

        (await server.Admin.AskAsync("/api/v1/dead-letters")).Body!["items"]!.AsArray().ShouldBeEmpty();
        server.Log.All.ShouldNotContain(Secret);
        server.Log.All.ShouldNotContain("s3cr3t-path");
    }

    [Fact]
    public async Task A_chat_is_told_in_its_own_words()
    {
        await using var server = await StartAsync(("Format", "slack"), ("Secret", null), ("Events:0", "CODE_FAILED"));
        var id = await server.Acme.SubmitAsync("fail:CODING <b> & more", more: new { url = "https://tracker.example/7?a=1&b=2" });
        await server.UntilAsync(id, JobState.Failed);

        await Eventually.HoldsAsync(() => _hook.Requests.Count == 1, Token);
        var request = _hook.Requests[0];
        request.Headers.ContainsKey("X-AiCd-Signature-256").ShouldBeFalse();
        var text = (string)Json(request).AsObject().ShouldHaveSingleItem().Value!;
        text.ShouldStartWith($"*Failed*: <https://tracker.example/7?a=1&amp;b=2|fail:CODING &lt;b&gt; &amp; more> (job `{id}`, ");
        text.ShouldContain("\n>");
    }

    [Fact]
    public async Task What_is_refused_is_tried_again_until_it_is_taken_in_and_what_is_given_up_can_be_redriven()
    {
        _hook.Status = 500;
        await using var server = await StartAsync(("Events:0", "MARK_COMPLETED"), ("../../Attempts", "3"), ("../../Backoff", "00:00:00.02"), ("../../LongestBackoff", "00:00:00.05"));
        var id = await server.Acme.SubmitAsync("Greet");
        await server.UntilAsync(id, JobState.Completed);

        await Eventually.HoldsAsync(async () => (await LettersAsync(server)).Count == 1, Token);
        _hook.Requests.Count.ShouldBe(3);
        _hook.Requests.Select(request => request.Headers["X-AiCd-Delivery"]).Distinct().Count().ShouldBe(1);
        var letter = (await LettersAsync(server))[0]!;
        ((string?)letter["kind"], (string?)letter["reason"], (int?)letter["attempts"]).ShouldBe(("notification", "status 500", 3));
        server.Log.Errors.ShouldHaveSingleItem().ShouldContain("is given up after 3 attempts: status 500");

        _hook.Status = 200;
        (await server.Admin.TellAsync($"/api/v1/dead-letters/notification/{letter["id"]}/redrive")).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => _hook.Requests.Any(request => request.Status == 200), Token);
        (await LettersAsync(server)).ShouldBeEmpty();
        (await server.Admin.TellAsync($"/api/v1/dead-letters/notification/{letter["id"]}/redrive")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Nobody_leads_a_notification_elsewhere_and_a_hook_may_ask_for_patience()
    {
        await using var other = await HookReceiver.StartAsync(Token);
        (_hook.Status, _hook.Location) = (307, other.Url);
        await using var server = await StartAsync(("Events:0", "MARK_COMPLETED"), ("../../Backoff", "00:00:00.02"), ("../../LongestBackoff", "01:00:00"));
        var id = await server.Acme.SubmitAsync("Greet");
        await server.UntilAsync(id, JobState.Completed);
        await Eventually.HoldsAsync(() => _hook.Requests.Count >= 1, Token);

        (_hook.Status, _hook.Location, _hook.RetryAfter) = (429, null, "3000");
        await Eventually.HoldsAsync(() => server.Log.All.Contains("status 429; the next one follows in 00:50:00", StringComparison.Ordinal), Token);
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_happens_while_no_node_sends_is_told_afterwards_and_nothing_of_before_the_hook()
    {
        using var folder = new TemporaryFolder();
        await using (var before = await WebServer.StartAsync(await OpenAsync(folder), dataFolder: folder.Location))
        {
            await before.UntilAsync(await before.Acme.SubmitAsync("Before the hook"), JobState.Completed);
        }

        _hook.Status = 503;
        string id;
        await using (var first = await StartAsync(await OpenAsync(folder), folder.Location, ("Events:0", "MARK_COMPLETED"), ("../../Backoff", "00:00:00.02"), ("../../LongestBackoff", "00:00:00.1")))
        {
            id = await first.Acme.SubmitAsync("With the hook");
            await first.UntilAsync(id, JobState.Completed);
            await Eventually.HoldsAsync(() => _hook.Requests.Count > 0, Token);
        }

        _hook.Status = 200;
        await using var second = await StartAsync(await OpenAsync(folder), folder.Location, ("Events:0", "MARK_COMPLETED"), ("../../Backoff", "00:00:00.02"), ("../../LongestBackoff", "00:00:00.1"));
        await Eventually.HoldsAsync(() => _hook.Requests.Any(request => request.Status == 200), Token);

        _hook.Requests.Select(request => (string?)Json(request)["job"]!["id"]).Distinct().ShouldBe([id]);
    }

    private Task<WebServer> StartAsync(params (string Key, string? Value)[] more) => StartAsync(null, null, more);

    /// <param name="more">Below the hook; <c>../../</c> leads to what all hooks share.</param>
    private Task<WebServer> StartAsync(IStore? store, string? folder, params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["Name"] = "chat", ["Url"] = _hook.Url, ["Secret"] = Secret };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return WebServer.StartAsync(store, settings.Where(setting => setting.Value is not null).ToDictionary(
            setting => setting.Key.StartsWith("../../", StringComparison.Ordinal) ? $"AiCd:Notifications:{setting.Key[6..]}" : $"AiCd:Notifications:Hooks:0:{setting.Key}",
            setting => setting.Value), dataFolder: folder);
    }

    private static async Task<IStore> OpenAsync(TemporaryFolder folder) => await SqliteStore.OpenAsync(folder.Location, cancellationToken: Token);

    private static async Task<JsonArray> LettersAsync(WebServer server) => (await server.Admin.AskAsync("/api/v1/dead-letters")).Body!["items"]!.AsArray();

    private static JsonNode Json(HookRequest request) => JsonNode.Parse(request.Body)!;
}
