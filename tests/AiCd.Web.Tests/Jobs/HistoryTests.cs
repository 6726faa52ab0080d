using System.Net;
using System.Net.Http.Headers;
using AiCd.Actors.Jobs;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Jobs;

public sealed class HistoryTests : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WebServer _server = null!;
    private string _id = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await WebServer.StartAsync();
        _id = await _server.Acme.SubmitAsync("talk");
        await _server.UntilAsync(_id, JobState.Completed);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Events_tell_who_did_what_where_and_when()
    {
        var (status, page) = await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/events");

        status.ShouldBe(HttpStatusCode.OK);
        var events = page!["items"]!.AsArray();
        events.Select(e => (int)e!["seq"]!).ShouldBe(Enumerable.Range(1, events.Count));
        ((string)events[0]!["actor"]!).ShouldStartWith("key:acme");
        events.Select(e => (string)e!["node"]!).Distinct().ShouldHaveSingleItem();
        var plan = events.Single(e => (string)e!["event"]! == "PLAN_SUCCEEDED")!;
        ((string)plan["actor"]!).ShouldBe("agent:mock");
        ((string)plan["state"]!).ShouldBe("CODING");
        plan["data"]!["artifacts"]![0]!["inline"].ShouldBeNull();
        var (_, part) = await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/events?after=2&limit=2");
        part!["items"]!.AsArray().Select(e => (int)e!["seq"]!).ShouldBe([3, 4]);
        ((int)part["next"]!).ShouldBe(4);
    }

    [Fact]
    public async Task A_job_is_shown_as_it_was_after_any_event()
    {
        var (_, submitted) = await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/state?at=1");
        var (_, coding) = await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/state?at=3");

        ((string)submitted!["state"]!).ShouldBe("QUEUED");
        ((string)coding!["state"]!).ShouldBe("CODING");
        ((int)coding["seq"]!).ShouldBe(3);
        coding["pullRequest"].ShouldBeNull();
        (await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/state?at=99")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "at");
        (await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/state?at=x")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "at");
        (await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/state")).ShouldBeProblem(HttpStatusCode.BadRequest, "missing-field", "at");
    }

    [Fact]
    public async Task What_a_job_left_is_listed_and_served_with_its_media_type_and_in_parts()
    {
        var (_, list) = await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/artifacts");
        var artifacts = list!["items"]!.AsArray().ToDictionary(item => (string)item!["kind"]!, item => (string)item!["url"]!);
        artifacts.Keys.ShouldBe(["issue", "plan", "diff", "review"], ignoreOrder: true);

        using var diff = await _server.Acme.ResponseAsync(HttpMethod.Get, artifacts["diff"]);
        diff.Content.Headers.ContentType!.ToString().ShouldBe("text/x-diff; charset=utf-8");
        (await diff.Content.ReadAsStringAsync(Token)).ShouldBe(ScriptedWork.Diff);
        diff.Headers.AcceptRanges.ShouldBe(["bytes"]);

        using var request = new HttpRequestMessage(HttpMethod.Get, artifacts["plan"]);
        request.Headers.Range = new RangeHeaderValue(2, 8);
        using var part = await _server.Acme.SendAsync(request, Token);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsStringAsync(Token)).ShouldBe("summary");

        using var fresh = await _server.Acme.ResponseAsync(HttpMethod.Get, artifacts["plan"], null, ("If-None-Match", part.Headers.ETag!.Tag));
        fresh.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await _server.Acme.AskAsync($"/api/v1/jobs/{_id}/artifacts/{new string('0', 64)}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_turn_that_an_attempt_recorded_is_served_while_the_attempt_still_runs()
    {
        var id = await _server.Acme.SubmitAsync("turns hold:CODING");
        await _server.UntilAsync(id, JobState.Coding);

        var (_, events) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}/events");
        var recorded = events!["items"]!.AsArray().Single(e => (string)e!["event"]! == "TURN_RECORDED")!["data"]!["turn"]!;
        var (_, list) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}/artifacts");
        var turn = list!["items"]!.AsArray().Single(item => (string)item!["kind"]! == "turn")!;
        ((string)turn["sha256"]!).ShouldBe((string)recorded["sha256"]!);
        using var content = await _server.Acme.ResponseAsync(HttpMethod.Get, (string)turn["url"]!);
        content.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await content.Content.ReadAsStringAsync(Token)).ShouldBe(ScriptedWork.Turn);
        (await _server.Umbra.AskAsync((string)turn["url"]!)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task What_an_attempt_said_before_it_failed_is_served()
    {
        var id = await _server.Acme.SubmitAsync("fail:PLANNING");
        await _server.UntilAsync(id, JobState.Failed);

        var (_, events) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}/events");
        var failed = events!["items"]!.AsArray().Single(e => (string)e!["event"]! == "ATTEMPT_FAILED")!;
        var (_, list) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}/artifacts");
        var transcript = list!["items"]!.AsArray().Single(item => (string)item!["kind"]! == "transcript")!;
        ((int)transcript["seq"]!).ShouldBe((int)failed["seq"]!);
        ((string)failed["data"]!["artifacts"]![0]!["sha256"]!).ShouldBe((string)transcript["sha256"]!);
        using var content = await _server.Acme.ResponseAsync(HttpMethod.Get, (string)transcript["url"]!);
        (await content.Content.ReadAsStringAsync(Token)).ShouldBe("{\"role\":\"agent\",\"text\":\"I tried PLANNING\"}\n");
    }

    [Fact]
    public async Task The_figures_of_a_tenant_and_the_workings_of_the_node_are_told()
    {
        var (_, stats) = await _server.Acme.AskAsync("/api/v1/stats");
        ((long)stats!["byState"]!["COMPLETED"]!).ShouldBe(1);
        ((long)stats["submitted"]!).ShouldBe(1);
        ((long)stats["stages"]![0]!["jobs"]!).ShouldBe(1);

        var (_, pools) = await _server.Admin.AskAsync("/api/v1/pools");
        pools!["items"]!.AsArray().Count.ShouldBe(4);
        var (changed, after) = await _server.Admin.SendAsync(HttpMethod.Patch, "/api/v1/pools/CODING", new { concurrency = 3, paused = true });
        changed.ShouldBe(HttpStatusCode.OK);
        ((int)after!["items"]!.AsArray().Single(pool => (string)pool!["stage"]! == "CODING")!["concurrency"]!).ShouldBe(3);
        var waiting = await _server.Acme.SubmitAsync("Wait");
        await _server.UntilAsync(waiting, JobState.Coding);
        (await _server.Acme.AskAsync("/api/v1/stats")).Body!["waiting"]!["pool_paused"]!.GetValue<long>().ShouldBe(1);
        ((string)(await _server.Acme.AskAsync($"/api/v1/jobs/{waiting}")).Body!["waiting"]!["code"]!).ShouldBe("pool_paused");
        (await _server.Admin.SendAsync(HttpMethod.Patch, "/api/v1/pools/NOWHERE", new { concurrency = 3 })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await _server.Admin.SendAsync(HttpMethod.Patch, "/api/v1/pools/CODING", new { concurrency = 0 })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "concurrency");

        var (_, cluster) = await _server.Admin.AskAsync("/api/v1/cluster");
        cluster!["nodes"]!.AsArray().Count.ShouldBe(1);
        cluster["shards"]!.AsArray().Count.ShouldBe(8);
        ((string)(await _server.Acme.AskAsync("/api/v1/version")).Body!["version"]!).ShouldStartWith("0.1");
    }
}
