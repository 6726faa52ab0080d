using System.Net;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Serving;
using AiCd.Web.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Tests.Access;

public sealed class AccessTests : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(settings: new Dictionary<string, string?> { ["AiCd:Web:AllowedHosts:0"] = "aicd.example" });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer aicd_0123456789ab_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic YTpi")]
    public async Task Without_a_valid_key_nobody_is_let_in(string? header)
    {
        using var client = _server.Client();
        using var response = await client.ResponseAsync(HttpMethod.Get, "/api/v1/jobs", null, header is null ? [] : [("Authorization", header)]);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Every_route_of_the_api_says_what_it_asks_of_its_caller()
    {
        var routes = _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToList();

        routes.Count.ShouldBeGreaterThan(25);
        routes.ShouldAllBe(route => route.Metadata.GetMetadata<RequiredScope>() != null && route.Metadata.GetMetadata<RequiredScope>()!.Scope != Scopes.None);
        using var client = _server.Client();
        foreach (var route in routes)
        {
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var path = route.RoutePattern.RawText!.Replace("{id}", "x", StringComparison.Ordinal).Replace("{sha256}", "x", StringComparison.Ordinal)
                .Replace("{stage}", "x", StringComparison.Ordinal).Replace("{tenant}", "x", StringComparison.Ordinal).Replace("{key}", "x", StringComparison.Ordinal);
            (await client.SendAsync(new HttpMethod(method), path)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_key_may_do_what_its_scopes_say()
    {
        using var reader = _server.Client(await _server.KeyAsync("acme", Scopes.Read));
        using var writer = _server.Client(await _server.KeyAsync("acme", Scopes.Write));

        (await reader.AskAsync("/api/v1/jobs")).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.TellAsync("/api/v1/jobs", Api.Job())).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await writer.AskAsync("/api/v1/jobs")).Status.ShouldBe(HttpStatusCode.OK);
        (await writer.AskAsync("/api/v1/cluster")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Keys_are_made_shown_once_listed_without_themselves_and_revoked()
    {
        var (status, made) = await _server.Admin.TellAsync("/api/v1/keys", new { name = "ci", scopes = new[] { "read" }, tenant = "acme" });
        status.ShouldBe(HttpStatusCode.Created);
        var (key, id) = ((string)made!["key"]!, (string)made["details"]!["id"]!);
        using var client = _server.Client(key);
        (await client.AskAsync("/api/v1/jobs")).Status.ShouldBe(HttpStatusCode.OK);

        var (_, list) = await _server.Admin.AskAsync("/api/v1/keys?tenant=acme");
        list!.ToJsonString().ShouldContain(id);
        list.ToJsonString().ShouldNotContain(key);
        (await _server.WebStore.FindKeyAsync(id, Token))!.Hash.ShouldNotContain(key);
        list["items"]!.AsArray().Single(item => (string)item!["id"]! == id)!["lastUsedAt"].ShouldNotBeNull();

        (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.AskAsync("/api/v1/jobs")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{id}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await _server.Admin.TellAsync("/api/v1/keys", new { name = "ci", scopes = new[] { "all" } })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "scopes");
        (await _server.Admin.TellAsync("/api/v1/keys", new { name = "ci", scopes = new[] { "read" }, tenant = "nobody" })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        _server.Log.All.ShouldNotContain(key);
    }

    [Fact]
    public async Task A_key_that_another_node_revoked_is_believed_for_less_than_five_seconds()
    {
        var time = new ManualTimeProvider();
        var ring = new KeyRing(_server.WebStore, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyRing>.Instance);
        var key = await _server.KeyAsync("acme", Scopes.Read);
        (await ring.FindAsync(key, Token)).ShouldNotBeNull();

        await _server.WebStore.RevokeKeyAsync(key.Split('_')[1], time.GetUtcNow(), Token);
        time.Advance(TimeSpan.FromSeconds(4.9));

        (await ring.FindAsync(key, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_is_good_until_it_expires_and_while_its_tenant_is_not_suspended()
    {
        var time = new ManualTimeProvider();
        var ring = new KeyRing(_server.WebStore, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyRing>.Instance);
        var key = await _server.KeyAsync("acme", Scopes.Read, time.GetUtcNow().AddMinutes(1));

        (await ring.FindAsync(key, Token)).ShouldNotBeNull();
        time.Advance(TimeSpan.FromMinutes(1));
        (await ring.FindAsync(key, Token)).ShouldBeNull();

        var other = await _server.KeyAsync("umbra", Scopes.Read);
        (await ring.FindAsync(other, Token)).ShouldNotBeNull();
        await _server.WebStore.UpdateTenantAsync((await _server.WebStore.FindTenantAsync("umbra", Token))! with { Suspended = true }, Token);
        time.Advance(TimeSpan.FromSeconds(4));
        (await ring.FindAsync(other, Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("aicd.example", HttpStatusCode.OK)]
    [InlineData("localhost:5080", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task Only_requests_for_this_server_are_answered(string host, HttpStatusCode expected) =>
        (await _server.Acme.AskAsync("/api/v1/jobs", ("Host", host))).Status.ShouldBe(expected);

    [Fact]
    public async Task Every_answer_bears_the_headers_that_keep_browsers_in_check()
    {
        foreach (var path in new[] { "/api/v1/jobs", "/api/v1/nothing", "/health/live", "/" })
        {
            using var response = await _server.Acme.ResponseAsync(HttpMethod.Get, path);
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
            response.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_link_opens_one_session_which_changes_something_only_from_this_servers_pages()
    {
        var key = await _server.KeyAsync("acme", Scopes.Write);
        var path = _server.Services.GetRequiredService<SignInLinks>().Create(key.Split('_')[1]);
        using var client = _server.Client();
        using var opened = await client.ResponseAsync(HttpMethod.Get, path);
        opened.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var set = opened.Headers.GetValues("Set-Cookie").Single();
        set.ShouldContain("httponly");
        set.ShouldContain("samesite=strict");
        var cookie = ("Cookie", set.Split(';')[0]);
        (await client.AskAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        (await client.AskAsync("/api/v1/jobs", cookie)).Status.ShouldBe(HttpStatusCode.OK);
        (await client.TellAsync("/api/v1/jobs", Api.Job(), cookie)).ShouldBeProblem(HttpStatusCode.Forbidden, "cross-origin");
        (await client.TellAsync("/api/v1/jobs", Api.Job(), cookie, ("Origin", "http://evil.example"))).ShouldBeProblem(HttpStatusCode.Forbidden, "cross-origin");
        (await client.TellAsync("/api/v1/jobs", Api.Job(), cookie, ("Origin", _server.Url), ("Sec-Fetch-Site", "cross-site"))).ShouldBeProblem(HttpStatusCode.Forbidden, "cross-origin");
        (await client.TellAsync("/api/v1/jobs", Api.Job(), cookie, ("Origin", _server.Url), ("Sec-Fetch-Site", "same-origin"))).Status.ShouldBe(HttpStatusCode.Created);
        (await client.AskAsync("/api/v1/jobs", ("Cookie", "aicd_session=forged"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_operators_do_is_in_the_audit_log_and_what_they_were_refused_too()
    {
        var id = await _server.Acme.SubmitAsync("hold:PLANNING");
        await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel");
        await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel");
        await _server.Admin.SendAsync(HttpMethod.Patch, "/api/v1/pools/CODING", new { concurrency = 2 });

        var (_, page) = await _server.Admin.AskAsync("/api/v1/audit?limit=3");

        var entries = page!["items"]!.AsArray();
        entries.Select(entry => (string)entry!["what"]!).ShouldBe(["pool.change", "job.cancel", "job.cancel"]);
        entries.Select(entry => (string)entry!["outcome"]!).ShouldBe(["done", "refused: urn:aicd:problem:illegal-transition", "done"]);
        ((string)entries[2]!["target"]!).ShouldBe(id);
        ((string)entries[2]!["who"]!).ShouldStartWith("key:acme");
        ((string)entries[2]!["origin"]!).ShouldContain("127.0.0.1");
        (await _server.Admin.AskAsync($"/api/v1/audit?limit=1&before={page["next"]}&tenant=umbra")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_asks_too_often_hears_when_to_come_again()
    {
        await using var server = await WebServer.StartAsync(settings: new Dictionary<string, string?> { ["AiCd:Web:RequestsPerSecond"] = "10", ["AiCd:Web:RequestBurst"] = "20" });
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 60; i++)
        {
            answers.Add(await server.Acme.ResponseAsync(HttpMethod.Get, "/api/v1/version"));
        }

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(answer => answer.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        (await server.Umbra.AskAsync("/api/v1/version")).Status.ShouldBe(HttpStatusCode.OK);
        answers.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task A_server_without_keys_listens_to_this_machine_alone()
    {
        using var folder = new TemporaryFolder();
        await using var jobs = await SqliteStore.OpenAsync(folder.Location, 8, cancellationToken: Token);
        await using var store = await Store.WebStoreOpener.OpenAsync(jobs, folder.Location, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Token);

        await ListenRule.CheckAsync(["http://127.0.0.1:5080", "http://localhost:1", "http://[::1]:0"], store, Token);
        foreach (var url in new[] { "http://0.0.0.0:5080", "http://*:5080", "http://[::]:5080", "http://10.0.0.1:80", "http://aicd.example" })
        {
            (await Should.ThrowAsync<StoreUnusableException>(() => ListenRule.CheckAsync(["http://127.0.0.1", url], store, Token))).Code.ShouldBe("no_keys");
        }

        await FirstKeyOf(store).EnsureAsync(folder.Location, Token);
        await ListenRule.CheckAsync(["http://0.0.0.0:5080"], store, Token);
    }

    [Fact]
    public async Task The_first_key_is_made_once_for_its_owners_eyes_and_again_when_it_is_not_valid_any_more()
    {
        using var folder = new TemporaryFolder();
        await using var jobs = await SqliteStore.OpenAsync(folder.Location, 8, cancellationToken: Token);
        await using var store = await Store.WebStoreOpener.OpenAsync(jobs, folder.Location, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Token);

        var first = await FirstKeyOf(store).EnsureAsync(folder.Location, Token);
        (await FirstKeyOf(store).EnsureAsync(folder.Location, Token)).ShouldBe(first);
        File.GetUnixFileMode(FirstKey.PathIn(folder.Location)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var ring = new KeyRing(store, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyRing>.Instance);
        (await ring.FindAsync((await File.ReadAllTextAsync(FirstKey.PathIn(folder.Location), Token)).Trim(), Token))!.May(Scopes.Admin).ShouldBeTrue();

        await store.RevokeKeyAsync(first, DateTimeOffset.UnixEpoch, Token);
        (await FirstKeyOf(store).EnsureAsync(folder.Location, Token)).ShouldNotBe(first);
    }

    private static FirstKey FirstKeyOf(Store.IWebStore store) => new(
        store,
        new Keys(store, new KeyRing(store, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyRing>.Instance), TimeProvider.System));
}
