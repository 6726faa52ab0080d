using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Access;
using AiCd.Web.Tests.GitHub;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Access;

/// <summary>
/// The tenant umbra tries everything with what is acme's, and must learn nothing: every answer is the one that it gets for what has
/// never existed.
/// </summary>
public abstract class TenantIsolation : IAsyncLifetime
{
    private const string Missing = "0123456789abcdef";

    private WebServer _server = null!;
    private string _held = null!;
    private string _ended = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IStore> OpenAsync();

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _server = await WebServer.StartAsync(await OpenAsync(), new Dictionary<string, string?> { ["AiCd:GitHub:WebhookSecret"] = GitHubDelivery.Secret });
        _ended = await _server.Acme.SubmitAsync("Secret plans", more: new { labels = new[] { "hush" } });
        await _server.UntilAsync(_ended, JobState.Completed);
        _held = await _server.Acme.SubmitAsync("hold:CODING secret");
        await _server.UntilAsync(_held, JobState.Coding);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/events")]
    [InlineData("/events?after=1")]
    [InlineData("/artifacts")]
    [InlineData("/state?at=1")]
    [InlineData("/stream")]
    public async Task What_is_read_of_anothers_job_is_as_if_it_had_never_been(string part) =>
        await ShouldBeAlikeAsync(HttpMethod.Get, id => $"/api/v1/jobs/{id}{part}");

    [Theory]
    [InlineData("cancel", "{}")]
    [InlineData("retry", null)]
    [InlineData("approve", """{"approval":"00"}""")]
    [InlineData("reject", """{"reason":"No"}""")]
    [InlineData("feedback", """{"text":"Give me your secrets"}""")]
    [InlineData("priority", """{"priority":100}""")]
    [InlineData("fork", """{"seq":1}""")]
    public async Task What_is_done_to_anothers_job_is_as_if_it_had_never_been(string action, string? body)
    {
        await ShouldBeAlikeAsync(HttpMethod.Post, id => $"/api/v1/jobs/{id}/{action}", body);
        await ShouldBeAlikeAsync(HttpMethod.Post, id => $"/api/v1/jobs/{id}/{action}", body, ("If-Match", "\"1\""));
        (await _server.UntilAsync(_held, JobState.Coding)).Feedback.ShouldBeEmpty();
    }

    [Fact]
    public async Task Anothers_artifact_is_not_there_under_its_job_nor_under_an_own_one()
    {
        var (_, list) = await _server.Acme.AskAsync($"/api/v1/jobs/{_ended}/artifacts");
        var own = await _server.Umbra.SubmitAsync("Mine", "umbra");
        foreach (var artifact in list!["items"]!.AsArray())
        {
            (await _server.Umbra.AskAsync((string)artifact!["url"]!)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
            if ((string)artifact["kind"]! == "issue")
            {
                continue;
            }

            // The same content may be an own one: then it is the own one that is served.
            var (_, mine) = await _server.Umbra.AskAsync($"/api/v1/jobs/{own}/artifacts");
            var isOwn = mine!["items"]!.AsArray().Any(item => (string)item!["sha256"]! == (string)artifact["sha256"]!);
            if (!isOwn)
            {
                (await _server.Umbra.AskAsync($"/api/v1/jobs/{own}/artifacts/{artifact["sha256"]}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/jobs")]
    [InlineData("/api/v1/jobs?text=secret")]
    [InlineData("/api/v1/jobs?label=hush")]
    [InlineData("/api/v1/jobs?repository=file:///repos/acme.git")]
    [InlineData("/api/v1/jobs?state=COMPLETED&sort=-endedAt")]
    [InlineData("/api/v1/jobs?sort=submittedAt")]
    public async Task Lists_and_searches_find_nothing_of_another(string path)
    {
        var (status, page) = await _server.Umbra.AskAsync(path);

        status.ShouldBe(HttpStatusCode.OK);
        page!["items"]!.AsArray().ShouldBeEmpty();
        (await _server.Acme.AskAsync(path)).Body!["items"]!.AsArray().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Anothers_cursor_is_no_cursor()
    {
        var (_, page) = await _server.Acme.AskAsync("/api/v1/jobs?limit=1");

        (await _server.Umbra.AskAsync($"/api/v1/jobs?limit=1&cursor={page!["next"]}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-cursor");
        (await _server.Umbra.AskAsync("/api/v1/jobs?limit=1&cursor=bm90aGluZw")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-cursor");
    }

    [Fact]
    public async Task The_same_idempotency_key_is_another_one()
    {
        var (first, theirs) = await _server.Acme.TellAsync("/api/v1/jobs", Api.Job("One"), ("Idempotency-Key", "shared"));
        var (second, mine) = await _server.Umbra.TellAsync("/api/v1/jobs", Api.Job("Two", "umbra"), ("Idempotency-Key", "shared"));

        first.ShouldBe(HttpStatusCode.Created);
        second.ShouldBe(HttpStatusCode.Created);
        ((string)mine!["id"]!).ShouldNotBe((string)theirs!["id"]!);
    }

    [Theory]
    [InlineData("/repos/acme.git")]
    [InlineData("file:///repos/acme.git")]
    [InlineData("/repos/umbra/../acme.git")]
    [InlineData("https://github.com/acme/shop")]
    [InlineData("https://github.com/umbra/../acme/shop")]
    [InlineData("/repos/nowhere.git")]
    [InlineData("/etc")]
    public async Task Anothers_repository_cannot_be_named_and_does_not_show_that_it_is_there(string repository)
    {
        var answer = await _server.Umbra.TellAsync("/api/v1/jobs", new JsonObject { ["title"] = "Steal", ["repository"] = repository });

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "repository");
        ((string)answer.Body!["expected"]!).ShouldBe("a repository that was allowed to the tenant");
    }

    [Fact]
    public async Task Figures_and_waiting_reasons_are_of_own_jobs_alone()
    {
        await _server.Admin.SendAsync(HttpMethod.Patch, "/api/v1/pools/PLANNING", new { paused = true });
        await _server.Acme.SubmitAsync("Waits");
        var (_, stats) = await _server.Umbra.AskAsync("/api/v1/stats");

        stats!["byState"]!.AsObject().ShouldAllBe(count => (long)count.Value! == 0);
        stats["waiting"]!.AsObject().ShouldBeEmpty();
        stats["ended"]!.AsObject().ShouldAllBe(count => (long)count.Value! == 0);
        ((long)stats["submitted"]!).ShouldBe(0);
        ((decimal)stats["cost"]!).ShouldBe(0);
        (await _server.Acme.AskAsync("/api/v1/stats")).Body!["waiting"]!["pool_paused"]!.GetValue<long>().ShouldBe(1);
    }

    [Theory]
    [InlineData("cancel", "{}")]
    [InlineData("cancel", """{"text":"secret"}""")]
    [InlineData("retry", """{"label":"hush"}""")]
    public async Task A_bulk_action_matches_nothing_of_another(string action, string filter)
    {
        var (_, preview) = await _server.Umbra.TellAsync("/api/v1/jobs/bulk", new JsonObject { ["action"] = action, ["filter"] = JsonNode.Parse(filter) });
        ((long)preview!["matched"]!).ShouldBe(0);
        preview["jobs"]!.AsArray().ShouldBeEmpty();

        var (status, done) = await _server.Umbra.TellAsync(
            "/api/v1/jobs/bulk", new JsonObject { ["action"] = action, ["filter"] = JsonNode.Parse(filter), ["confirm"] = (string)preview["confirm"]! });
        status.ShouldBe(HttpStatusCode.OK);
        ((int)done!["applied"]!).ShouldBe(0);
        await _server.UntilAsync(_held, JobState.Coding);
    }

    [Fact]
    public async Task Anothers_confirmation_confirms_nothing()
    {
        var (_, preview) = await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "cancel", filter = new { } });

        (await _server.Umbra.TellAsync("/api/v1/jobs/bulk", new { action = "cancel", filter = new { }, confirm = (string)preview!["confirm"]! }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "confirm");
    }

    [Fact]
    public async Task The_common_stream_has_own_events_only_and_its_ids_have_one_length()
    {
        using var stream = await SseReader.OpenAsync(_server.Umbra, "/api/v1/stream");
        var hello = await stream.NextAsync("hello");
        await _server.Acme.SubmitAsync("Loud");
        var own = await _server.Umbra.SubmitAsync("Quiet", "umbra");

        var ids = new List<string>();
        for (var e = await stream.NextAsync("event"); ; e = await stream.NextAsync("event"))
        {
            ((string)e.Data["jobId"]!).ShouldBe(own);
            ids.Add(e.Id!);
            if ((string)e.Data["state"]! == "COMPLETED")
            {
                break;
            }
        }

        ids.Select(id => id.Length).Append(hello.Id!.Length).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_place_in_the_common_stream_that_another_gave_away_shows_own_events_only()
    {
        using var theirs = await SseReader.OpenAsync(_server.Acme, "/api/v1/stream");
        var place = (await theirs.NextAsync("hello")).Id!;
        await _server.Acme.SubmitAsync("Loud");
        var own = await _server.Umbra.SubmitAsync("Quiet", "umbra");

        using var stream = await SseReader.OpenAsync(_server.Umbra, "/api/v1/stream", place);

        ((string)(await stream.NextAsync("event")).Data["jobId"]!).ShouldBe(own);
    }

    [Theory]
    [InlineData("GET", "/api/v1/pools")]
    [InlineData("PATCH", "/api/v1/pools/CODING")]
    [InlineData("GET", "/api/v1/cluster")]
    [InlineData("GET", "/api/v1/tenants")]
    [InlineData("GET", "/api/v1/tenants/acme")]
    [InlineData("GET", "/api/v1/tenants/nobody")]
    [InlineData("PUT", "/api/v1/tenants/acme")]
    [InlineData("GET", "/api/v1/keys?tenant=acme")]
    [InlineData("POST", "/api/v1/keys")]
    [InlineData("DELETE", "/api/v1/keys/0123456789ab")]
    [InlineData("GET", "/api/v1/audit?tenant=acme")]
    [InlineData("GET", "/api/v1/deliveries")]
    [InlineData("GET", "/api/v1/deliveries/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a")]
    [InlineData("POST", "/api/v1/deliveries/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a/redeliver")]
    public async Task What_is_the_installations_is_no_tenants(string method, string path) =>
        (await _server.Umbra.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");

    [Fact]
    public async Task A_delivery_of_anothers_installation_steers_no_own_job_and_the_other_way_round()
    {
        var url = "https://github.com/acme/shop";
        var delivery = await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Labeled("acme", installation: 11));
        var id = (await GitHubDelivery.OutcomeAsync(_server, delivery)).Split(' ')[^1];
        (await _server.Acme.AskAsync($"/api/v1/jobs/{id}")).Body!["repository"]!.GetValue<string>().ShouldBe(url);
        await ShouldBeAlikeAsync(HttpMethod.Get, other => $"/api/v1/jobs/{(other == Missing ? Missing : id)}");

        var foreign = await GitHubDelivery.SendAsync(_server, "issue_comment", GitHubDelivery.Comment("acme", "/aicd cancel", installation: 22));
        (await GitHubDelivery.OutcomeAsync(_server, foreign)).ShouldBe("ignored: there is no job of this issue");
        var stolen = await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Labeled("acme", installation: 22));
        (await GitHubDelivery.OutcomeAsync(_server, stolen)).ShouldBe("refused: the repository is not one of the tenant's");
    }

    [Fact]
    public async Task A_session_opened_by_one_tenants_key_is_that_tenants()
    {
        var key = await _server.KeyAsync("umbra", Scopes.Read);
        var path = ((SignInLinks)_server.Services.GetService(typeof(SignInLinks))!).Create(key.Split('_')[1]);
        using var client = _server.Client();
        using var opened = await client.ResponseAsync(HttpMethod.Get, path);
        var cookie = opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        (await client.AskAsync($"/api/v1/jobs/{_held}", ("Cookie", cookie))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await client.AskAsync("/api/v1/jobs", ("Cookie", cookie))).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_of_one_tenant_is_told_by_how_an_error_is_worded()
    {
        var bodies = new List<string>();
        foreach (var id in new[] { _held, _ended, Missing })
        {
            using var response = await _server.Umbra.ResponseAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/fork", """{"seq":1,"agent":"nobody"}""");
            bodies.Add($"{response.StatusCode} {string.Join(',', response.Headers.Select(header => header.Key).Order())} {await response.Content.ReadAsStringAsync(Token)}");
        }

        bodies.Distinct().ShouldHaveSingleItem();
    }

    private async Task ShouldBeAlikeAsync(HttpMethod method, Func<string, string> path, string? body = null, params (string Name, string Value)[] headers)
    {
        var answers = new List<string>();
        foreach (var id in new[] { Missing, _held, _ended })
        {
            using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _server.Umbra.ResponseAsync(method, path(id), content, headers);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path(id));
            answers.Add(await response.Content.ReadAsStringAsync(Token));
        }

        answers.Distinct().ShouldHaveSingleItem();
    }
}
