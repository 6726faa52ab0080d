using System.Text.Json;
using System.Text.Json.Nodes;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

public sealed class ClientTests(ServedJobs served) : IClassFixture<ServedJobs>
{
    private const string Issue = "# Say more\n\n- describe `src/app.txt` in README.md\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("list", "--limit", "1000", "--state", "FAILED")]
    [InlineData("list", "--limit", "1000", "--state", "FAILED", "--json")]
    [InlineData("show", "COMPLETED")]
    [InlineData("show", "FAILED")]
    [InlineData("logs", "COMPLETED")]
    [InlineData("logs", "COMPLETED", "--json")]
    [InlineData("logs", "COMPLETED", "--follow", "--stage", "CODING")]
    [InlineData("diff", "COMPLETED")]
    [InlineData("diff", "COMPLETED", "--json")]
    [InlineData("diff", "COMPLETED", "--stat")]
    [InlineData("open", "COMPLETED")]
    [InlineData("replay", "FAILED", "--json")]
    [InlineData("replay", "COMPLETED", "--at", "4")]
    [InlineData("export", "COMPLETED")]
    [InlineData("export", "FAILED", "--no-artifacts")]
    public async Task A_server_tells_what_its_store_tells(string command, params string[] more)
    {
        string[] arguments = [command, .. more.Select((word, i) => i > 0 ? word : word == "COMPLETED" ? served.Completed : word == "FAILED" ? served.Failed : word)];

        var asked = await Aicd.RunAsync(served.Server.Client, arguments);
        var read = await Aicd.RunAsync([.. arguments, "--data", served.Data]);

        asked.ExitCode.ShouldBe(0, asked.Errors);
        asked.Output.ShouldNotBeEmpty();
        asked.Output.ShouldBe(read.EnsureSuccess().Output);
    }

    [Fact]
    public async Task Programs_are_shown_the_same_but_for_what_travels_inside_events()
    {
        var asked = JsonNode.Parse((await Aicd.RunAsync(served.Server.Client, "show", served.Completed[..14], "--json")).EnsureSuccess().Output)!.AsObject();
        var read = JsonNode.Parse((await Aicd.RunAsync("show", served.Completed, "--json", "--data", served.Data)).EnsureSuccess().Output)!.AsObject();

        foreach (var artifact in asked["artifacts"]!.AsArray().Concat(read["artifacts"]!.AsArray()))
        {
            artifact!.AsObject().Remove("inline").ShouldBeTrue();
        }

        asked.ToJsonString().ShouldBe(read.ToJsonString());
    }

    [Fact]
    public async Task A_watch_of_a_job_that_has_ended_tells_its_history_and_result()
    {
        var asked = RunLines.Parse((await Aicd.RunAsync(served.Server.Client, "watch", served.Completed, "--json")).EnsureSuccess().Output);
        var read = RunLines.Parse((await Aicd.RunAsync("watch", served.Completed, "--json", "--data", served.Data)).EnsureSuccess().Output);

        asked.ShouldBeCompleted();
        asked.ShouldBeWholeAndInOrder();
        asked.Result.GetRawText().ShouldBe(read.Result.GetRawText());
        asked.Events.Select(RunLines.NameOf).ShouldBe(read.Events.Select(RunLines.NameOf));
        (await Aicd.RunAsync(served.Server.Client, "watch", served.Failed)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_is_submitted_and_driven_and_the_same_key_gives_it_again()
    {
        var client = served.Server.Client with { Input = Issue };
        string[] submit = ["submit", "--repo", served.Repository, "--issue", "-", "--key", "order-1", "--label", "ui", "--budget", "2.50", "--priority", "7"];

        var made = Parse(await Aicd.RunAsync(client, [.. submit, "--json"]));
        made.GetProperty("created").GetBoolean().ShouldBeTrue();
        var job = made.GetProperty("jobId").GetString()!;
        (await Aicd.RunAsync(client, submit)).EnsureSuccess().Output.ShouldBe($"Job {job} was there already\n");

        var watched = await Aicd.RunAsync(served.Server.Client, "watch", job, "--json");
        watched.ExitCode.ShouldBe(0, watched.Errors);
        RunLines.Parse(watched.Output).ShouldBeCompleted();
        Parse(await Aicd.RunAsync(client, "show", job, "--json")).GetProperty("title").GetString().ShouldBe("Say more");

        var other = await Aicd.RunAsync(client, [.. submit, "--title", "Another"]);
        other.ExitCode.ShouldBe(2);
        other.Errors.ShouldContain($"--key: The key came first with another request, which made job {job}");
    }

    [Fact]
    public async Task A_failed_job_is_retried_and_any_job_forked()
    {
        var client = served.Server.Client;
        var retried = Parse(await Aicd.RunAsync(client, "retry", served.Failed, "--json"));
        retried.GetProperty("parent").GetString().ShouldBe(served.Failed);
        (await Aicd.RunAsync(client, "watch", retried.GetProperty("jobId").GetString()!)).ExitCode.ShouldBe(0);

        var forked = (await Aicd.RunAsync(client, "fork", served.Completed, "--at", "3")).EnsureSuccess().Output;
        forked.ShouldEndWith($" goes on from job {served.Completed}\n");
        (await Aicd.RunAsync(client, "watch", forked.Split(' ')[1])).ExitCode.ShouldBe(0);

        var beyond = await Aicd.RunAsync(client, "fork", served.Completed, "--at", "99");
        beyond.ExitCode.ShouldBe(2);
        beyond.Errors.ShouldContain("--at: expected the number of an event, from 1 to 13, got '99'");
        var refused = await Aicd.RunAsync(client, "retry", served.Completed);
        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldContain($"Job {served.Completed}: Only a job that failed or was cancelled can be retried");
    }

    [Fact]
    public async Task The_server_of_a_data_folder_is_found_with_its_key_and_takes_what_is_said()
    {
        var submitted = await Aicd.RunAsync(
            new Setup(Input: Issue), "submit", "--repo", served.Repository, "--issue", "-", "--plan-approval", "--data", served.Data, "--json");
        var job = Parse(submitted).GetProperty("jobId").GetString()!;
        await WaitsForApprovalAsync(job);

        var stale = await Aicd.RunAsync("approve", job, "--plan", new string('0', 64), "--data", served.Data);
        stale.ExitCode.ShouldBe(1);
        stale.Errors.ShouldContain("--plan: expected the hash of the plan that waits");
        var rejected = await Aicd.RunAsync("reject", job, "leave the API as it is", "--data", served.Data);
        rejected.EnsureSuccess().Output.ShouldStartWith($"Job {job} is ");
        await WaitsForApprovalAsync(job, after: "PLAN_TURNED_DOWN");
        (await Aicd.RunAsync("feedback", job, "mind the tests", "--data", served.Data)).EnsureSuccess();
        (await Aicd.RunAsync("approve", job, "--data", served.Data)).EnsureSuccess().Output.ShouldBe($"Job {job} is CODING\n");
        (await Aicd.RunAsync("watch", job, "--data", served.Data)).ExitCode.ShouldBe(0);

        var late = await Aicd.RunAsync("cancel", job, "--data", served.Data);
        late.ExitCode.ShouldBe(1);
        late.Errors.ShouldContain($"Job {job}: ");
        var events = (await Aicd.RunAsync("replay", job, "--json", "--data", served.Data)).EnsureSuccess().Output;
        events.ShouldContain("leave the API as it is");
        events.ShouldContain("mind the tests");
    }

    [Fact]
    public async Task What_a_server_refuses_is_said_with_the_option_and_a_code()
    {
        var client = served.Server.Client;
        var url = client.Variables["AICD_URL"]!;
        var key = client.Variables["AICD_API_KEY"]!;
        var unknown = key[..^1] + (key[^1] == 'A' ? 'B' : 'A');

        foreach (var (setup, arguments, code, message) in ((Setup, string[], int, string)[])[
            (Of(url, null), ["list"], 2, "AICD_API_KEY: expected a key of the server"),
            (Of(url, "hunter2"), ["list"], 2, "AICD_API_KEY: expected a key such as aicd_<id>_<secret>, got something else"),
            (Of(url, unknown), ["list"], 2, "AICD_API_KEY: expected a key that the server"),
            (Of("http://127.0.0.1:1", key), ["list"], 3, "The server http://127.0.0.1:1: "),
            (Of("ftp://nowhere", key), ["list"], 2, "AICD_URL: expected the address of a server such as"),
            (Of("http://aicd.example:5080", key), ["list"], 2, "AICD_URL: expected an address that begins with https://, because everybody on the way could read the key"),
            (client, ["drain", "anyone"], 2, "NODE: expected a node of a cluster"),
            (client, ["deadletters", "redrive", "parcel", "7"], 2, "KIND: expected job, delivery or notification, got 'parcel'"),
            (client, ["deadletters", "redrive", "job", served.Completed[..8]], 2, "There is no such job"),
            (client, ["tail", "--state", "LOST"], 2, "--state: expected one of "),
            (client, ["show", "zzz"], 2, "JOB: expected a job of the server"),
            (client, ["show", "no/such"], 2, "JOB: expected a job's id or the beginning of one"),
            (client, ["cancel", served.Completed], 1, $"Job {served.Completed}: "),
            (client, ["approve", served.Failed], 1, $"Job {served.Failed} has no plan that waits for approval: it is FAILED"),
            (client, ["cancel", served.Failed, "--by", "ada"], 2, "--by: expected not beside a server"),
            (client with { Input = Issue }, ["submit", "--repo", served.Repository, "--issue", "-", "--agent", "nobody"], 2, "--agent: expected one of "),
            (client with { Input = Issue }, ["submit", "--repo", "/no/such", "--issue", "-"], 2, "--repo: "),
            (client with { Input = Issue }, ["submit", "--repo", served.Repository, "--issue", "-", "--base", "none"], 2, "--base: ")])
        {
            var refused = await Aicd.RunAsync(setup, arguments);
            refused.ExitCode.ShouldBe(code, $"{string.Join(' ', arguments)}: {refused.Errors}");
            refused.Errors.ShouldContain(message);
            refused.Errors.ShouldNotContain(key);
            refused.Errors.ShouldNotContain("hunter2");
        }
    }

    [Fact]
    public async Task Every_command_that_looks_works_on_a_terminal_and_for_programs()
    {
        await EveryCommand.ShouldWorkAsync(served.Server.Client, served.Completed, hasNode: true);
    }

    [Fact]
    public async Task A_key_goes_over_plain_http_only_where_somebody_says_so()
    {
        var allowed = Of("http://aicd.invalid:5080", served.Server.Client.Variables["AICD_API_KEY"]);
        allowed.Variables["AICD_ALLOW_HTTP"] = "1";

        var unreachable = await Aicd.RunAsync(allowed, "list");

        unreachable.ExitCode.ShouldBe(3);
        unreachable.Errors.ShouldContain("The server http://aicd.invalid:5080: ");
    }

    [Fact]
    public async Task Actors_are_drawn_until_somebody_has_seen_enough()
    {
        await using var top = Aicd.Start(served.Server.Client, "actors", "--top");
        (await top.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0, "on a pipe it looks once");
        top.Output[0].ShouldContain(" actors on ");

        var nobody = await Aicd.RunAsync("actors", "--data", "/nowhere");
        nobody.ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task A_pool_is_changed_on_the_server_that_runs()
    {
        var client = served.Server.Client;

        var changed = Parse(await Aicd.RunAsync(client, "pool", "reviewing", "--concurrency", "3", "--rate", "2.5", "--json"));
        changed.GetProperty("concurrency").GetInt32().ShouldBe(3);
        changed.GetProperty("startsPerSecond").GetDouble().ShouldBe(2.5);
        changed.GetProperty("running").GetInt32().ShouldBeGreaterThanOrEqualTo(0);

        var show = (await Aicd.RunAsync(client, "cluster", "show")).EnsureSuccess().Output;
        show.ShouldContain("Nodes    1 alive of 1");
        show.ShouldContain("REVIEWING  open              3       2.5");
        (await Aicd.RunAsync("cluster", "leases", "--data", served.Data)).EnsureSuccess().Output.ShouldBe("No leases: the node is alone with its store\n");
        Parse(await Aicd.RunAsync(client, "cluster", "shards", "--json")).GetArrayLength().ShouldBeGreaterThan(1);
        Parse(await Aicd.RunAsync(client, "cluster", "lag", "--json")).GetProperty("lag").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    private async Task WaitsForApprovalAsync(string job, string? after = null) => await Eventually.HoldsAsync(async () =>
    {
        var names = (await Aicd.RunAsync("replay", job, "--json", "--data", served.Data)).EnsureSuccess().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()).ToList();
        return names[^1] == "PLAN_PROPOSED" && (after is null || names.Contains(after));
    }, Cancelled);

    private static Setup Of(string url, string? key) => new Setup { Variables = new() { ["AICD_URL"] = url, ["AICD_API_KEY"] = key } };

    private static JsonElement Parse(ProcessResult result) => JsonDocument.Parse(result.EnsureSuccess().Output).RootElement;
}
