using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;
using AiCd.Web.Store;
using AiCd.Web.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AiCd.Web.Tests.Operations;

public sealed class OperationsTests : IAsyncLifetime
{
    private WebServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(new InMemoryStore(8, shared: true), new Dictionary<string, string?> { ["AiCd:NodeName"] = "one" });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_node_is_drained_and_let_again_and_both_are_in_the_audit_log()
    {
        var drained = await _server.Admin.TellAsync("/api/v1/cluster/nodes/one/drain");

        drained.Status.ShouldBe(HttpStatusCode.OK);
        ((bool)drained.Body!["nodes"]![0]!["drained"]!).ShouldBeTrue();
        await Eventually.HoldsAsync(async () => await ShardsAsync() == 0, Token);
        (await _server.Admin.TellAsync("/api/v1/cluster/nodes/two/drain")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        (await _server.Admin.TellAsync("/api/v1/cluster/nodes/one/undrain")).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.HoldsAsync(async () => await ShardsAsync() == 8, Token);
        (await _server.Admin.TellAsync("/api/v1/cluster/rebalance")).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.Admin.AskAsync("/api/v1/audit")).Body!["items"]!.AsArray().Select(entry => (string)entry!["what"]!)
            .ShouldBe(["cluster.rebalance", "node.undrain", "node.drain", "node.drain"]);
    }

    [Fact]
    public async Task A_job_that_may_not_spend_enough_waits_and_goes_on_when_an_operator_raises_its_budget()
    {
        var id = await _server.Acme.SubmitAsync("dear", more: new { budget = 0.5 });
        var other = await _server.Umbra.SubmitAsync("dear", "umbra", new { budget = 0.7 });
        await _server.UntilAsync(id, job => job.BudgetHold is not null);
        await _server.UntilAsync(other, job => job.BudgetHold is not null);

        var waiting = (await _server.Acme.AskAsync($"/api/v1/jobs/{id}")).Body!["waiting"]!;
        ((string?)waiting["code"], (string?)waiting["reason"]).ShouldBe(
            ("budget", "The job's budget of $0.50 does not cover the next request of up to $2.00: $0.00 spent"));
        var little = await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/budget", new { limit = 1.5 });
        little.Status.ShouldBe(HttpStatusCode.OK);
        ((int)little.Body!["released"]!).ShouldBe(0);
        var raised = await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/budget", new { limit = 25, of = "job" });

        raised.Status.ShouldBe(HttpStatusCode.OK);
        var budget = raised.Body!;
        ((string?)budget["of"], (string?)budget["key"], (decimal)budget["limit"]!, (decimal)budget["spent"]!, (int)budget["released"]!).ShouldBe(("job", id, 25m, 0m, 1));
        await _server.UntilAsync(id, JobState.Completed);
        (await _server.UntilAsync(other, job => job.State == JobState.Coding)).BudgetHold.ShouldBe(
            "The job's budget of $0.70 does not cover the next request of up to $2.00: $0.00 spent");
        (await _server.Admin.AskAsync("/api/v1/audit")).Body!["items"]!.AsArray().Select(entry => ((string)entry!["what"]!, (string)entry["target"]!))
            .ShouldContain(("job.budget", id));
    }

    [Theory]
    [InlineData("""{"limit":-1}""", "limit")]
    [InlineData("""{"limit":1000000.5}""", "limit")]
    [InlineData("""{"limit":1,"of":"year"}""", "of")]
    [InlineData("""{"of":"job"}""", "limit")]
    [InlineData("""{"limit":"much"}""", "limit")]
    public async Task A_budget_that_is_none_is_refused(string body, string field)
    {
        var id = await _server.Acme.SubmitAsync("hold:CODING");
        var (status, problem) = await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/budget", body);
        (status, (string?)problem!["field"]).ShouldBe((HttpStatusCode.BadRequest, field));
        (await _server.Admin.SendAsync(HttpMethod.Post, "/api/v1/jobs/0123456789abcdef/budget", new { limit = 1 })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_store_of_one_node_cannot_do_without_it()
    {
        await using var alone = await WebServer.StartAsync();

        (await alone.Admin.TellAsync("/api/v1/cluster/nodes/anyone/drain")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unprocessable");
    }

    [Fact]
    public async Task The_actors_of_a_node_are_shown()
    {
        var id = await _server.Acme.SubmitAsync("hold:CODING");
        await _server.UntilAsync(id, JobState.Coding);

        var (_, actors) = await _server.Admin.AskAsync("/api/v1/actors");

        var actor = actors!["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)actor["jobId"], (int?)actor["mailbox"], (int?)actors["total"]).ShouldBe((id, 0, 1));
        ((double)actor["ageSeconds"]!).ShouldBeGreaterThanOrEqualTo((double)actor["idleSeconds"]!);
        (await _server.Admin.AskAsync("/api/v1/actors?limit=0")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "limit");
    }

    [Fact]
    public async Task Operators_follow_the_journal_of_all_tenants_and_learn_nothing_that_was_said()
    {
        using var all = await SseReader.OpenAsync(_server.Admin, "/api/v1/journal/stream");
        using var failed = await SseReader.OpenAsync(_server.Admin, "/api/v1/journal/stream?tenant=umbra&state=FAILED&event=CODE_FAILED");
        var hello = await all.NextAsync("hello");
        await failed.NextAsync("hello");

        var first = await _server.Acme.SubmitAsync("fail:CODING very secret");
        await _server.UntilAsync(first, JobState.Failed);
        var second = await _server.Umbra.SubmitAsync("fail:CODING too", "umbra");
        await _server.UntilAsync(second, JobState.Failed);

        var found = (await failed.NextAsync("event")).Data;
        ((string?)found["jobId"], (string?)found["tenant"], (string?)found["event"], (string?)found["state"]).ShouldBe((second, "umbra", "CODE_FAILED", "FAILED"));
        found.ToJsonString().ShouldNotContain("too");
        SseEvent e;
        do
        {
            e = await all.NextAsync("event");
            e.Data.ToJsonString().ShouldNotContain("very secret");
        }
        while ((string?)e.Data["jobId"] != second);

        using var again = await SseReader.OpenAsync(_server.Admin, "/api/v1/journal/stream", hello.Id);
        await again.NextAsync("hello");
        ((string?)(await again.NextAsync("event")).Data["jobId"]).ShouldBe(first);
    }

    [Theory]
    [InlineData("job=x", "job")]
    [InlineData("event=DONE", "event")]
    [InlineData("state=LOST", "state")]
    public async Task A_condition_that_nothing_can_meet_is_refused(string query, string field) =>
        (await _server.Admin.AskAsync($"/api/v1/journal/stream?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", field);

    [Theory]
    [InlineData("GET", "/api/v1/actors")]
    [InlineData("GET", "/api/v1/journal/stream")]
    [InlineData("GET", "/api/v1/dead-letters")]
    [InlineData("POST", "/api/v1/cluster/rebalance")]
    [InlineData("POST", "/api/v1/cluster/nodes/one/drain")]
    [InlineData("POST", "/api/v1/dead-letters/job/0123456789abcdef/redrive")]
    [InlineData("POST", "/api/v1/jobs/0123456789abcdef/budget")]
    public async Task Who_may_not_operate_is_refused(string method, string path) =>
        (await _server.Acme.SendAsync(new HttpMethod(method), path)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");

    [Fact]
    public async Task A_history_is_given_as_it_is_stored_and_positions_only_to_operators()
    {
        var id = await _server.Acme.SubmitAsync("Greet");
        await _server.UntilAsync(id, JobState.Completed);

        var (_, page) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}/journal?limit=2");
        var (_, rest) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}/journal?after=2");

        var rows = page!["items"]!.AsArray().Concat(rest!["items"]!.AsArray()).ToList();
        var stored = await _server.Store.Journal.ReadJobsAsync([JobId.Parse(id)], Token).ToListAsync(Token);
        rows.Select(row => (string)row!["payload"]!).ShouldBe(stored.Select(row => Convert.ToBase64String(row.Payload.Span)));
        rows.ShouldAllBe(row => row!["shardSeq"] == null);
        (await _server.Umbra.AskAsync($"/api/v1/jobs/{id}/journal")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        var own = await _server.Admin.SubmitAsync("Own", "acme");
        ((long)(await _server.Admin.AskAsync($"/api/v1/jobs/{own}/journal")).Body!["items"]![0]!["shardSeq"]!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_quarantined_job_is_a_dead_letter_until_its_history_was_put_right_and_it_is_redriven()
    {
        using var folder = new TemporaryFolder();
        string id;
        await using (var before = await WebServer.StartAsync(await SqliteStore.OpenAsync(folder.Location, cancellationToken: Token), dataFolder: folder.Location))
        {
            id = await before.Acme.SubmitAsync("hold:PLANNING");
            await before.UntilAsync(id, JobState.Planning);
        }

        var payload = await ExecuteAsync(folder, $"select payload from journal where job_id = '{id}' and seq_nr = 2");
        await ExecuteAsync(folder, $"update journal set payload = x'7b' where job_id = '{id}' and seq_nr = 2");
        await using var server = await WebServer.StartAsync(await SqliteStore.OpenAsync(folder.Location, cancellationToken: Token), dataFolder: folder.Location);

        var letter = (await server.Admin.AskAsync("/api/v1/dead-letters")).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)letter["kind"], (string?)letter["id"], (string?)letter["tenant"]).ShouldBe(("job", id, "acme"));
        ((string?)letter["reason"])!.ShouldStartWith("event 2 (START_PLANNING)");
        (await server.Admin.TellAsync($"/api/v1/dead-letters/job/{id}/redrive")).ShouldBeProblem(HttpStatusCode.Conflict, "quarantined");
        (await server.Acme.TellAsync($"/api/v1/jobs/{id}/feedback", new { text = "Hello?" })).Status.ShouldBe(HttpStatusCode.Conflict);

        await ExecuteAsync(folder, $"update journal set payload = x'{Convert.ToHexString((byte[])payload!)}' where job_id = '{id}' and seq_nr = 2");
        (await server.Admin.TellAsync($"/api/v1/dead-letters/job/{id}/redrive")).Status.ShouldBe(HttpStatusCode.OK);

        server.Work.LetGo(JobId.Parse(id), Stage.Planning);
        await server.UntilAsync(id, JobState.Completed);
        (await server.Admin.AskAsync("/api/v1/dead-letters")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_delivery_that_was_given_up_is_a_dead_letter_until_it_is_redriven()
    {
        var id = Guid.NewGuid().ToString();

        // Of a time to come, so that nobody takes it up meanwhile.
        await _server.WebStore.ReceiveAsync(new Delivery(id, "ping", "{}"u8.ToArray(), TimeProvider.System.GetUtcNow().AddDays(1)), Token);
        await _server.WebStore.AppliedAsync(id, $"{Delivery.GivenUp}: JournalException", DateTimeOffset.UnixEpoch, Token);

        var letter = (await _server.Admin.AskAsync("/api/v1/dead-letters")).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)letter["kind"], (string?)letter["id"], (string?)letter["what"]).ShouldBe(("delivery", id, "ping"));
        (await _server.Admin.TellAsync($"/api/v1/dead-letters/delivery/{id}/redrive")).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.HoldsAsync(async () => (await _server.WebStore.FindDeliveryAsync(id, Token))!.Outcome is { } outcome && !outcome.StartsWith(Delivery.GivenUp, StringComparison.Ordinal), Token);
        (await _server.Admin.TellAsync("/api/v1/dead-letters/parcel/7/redrive")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "kind");
    }

    private async Task<int> ShardsAsync() => (int)(await _server.Admin.AskAsync("/api/v1/cluster")).Body!["nodes"]![0]!["shards"]!;

    private static async Task<object?> ExecuteAsync(TemporaryFolder folder, string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Combine("aicd.db"), Pooling = false, DefaultTimeout = 10 }.ToString());
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Token);
    }
}
