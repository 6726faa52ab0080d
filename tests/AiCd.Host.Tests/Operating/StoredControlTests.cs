using System.Text.Json;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

/// <summary>What commands do where no server runs, and what becomes of it when one does.</summary>
public sealed class StoredControlTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_was_submitted_waits_for_whoever_drives_it()
    {
        using var bench = await Workbench.CreateAsync();
        string[] submit = ["submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--key", "k1", "--by", "ada", "--data", bench.Data];

        var made = Parse(await Aicd.RunAsync([.. submit, "--json"]));
        var job = made.GetProperty("jobId").GetString()!;
        made.GetProperty("created").GetBoolean().ShouldBeTrue();
        (await Aicd.RunAsync("list", "--data", bench.Data)).EnsureSuccess().Output.ShouldContain($"{job}  QUEUED");
        (await Aicd.RunAsync(submit)).EnsureSuccess().Output.ShouldBe($"Job {job} was there already\n");
        var other = await Aicd.RunAsync([.. submit, "--priority", "3"]);
        other.ExitCode.ShouldBe(2);
        other.Errors.ShouldContain($"--key: expected a key of its own for every submission, got one that came first with another, which made job {job}");
        var bad = await Aicd.RunAsync([.. submit, "--label", "a\nb"]);
        bad.ExitCode.ShouldBe(2);
        bad.Errors.ShouldContain("--label: expected one line of 1 to 100 characters");

        await using var server = await RunningServer.StartAsync(bench.Data);
        (await Aicd.RunAsync("watch", job, "--data", bench.Data)).ExitCode.ShouldBe(0);
        (await bench.DetailsAsync(job)).Job!.Submission.By.ShouldBe("ada");
    }

    [Fact]
    public async Task A_failed_job_is_retried_and_a_job_forked_in_the_store()
    {
        var jobs = new TwoJobs();
        await using var _ = jobs;
        await jobs.InitializeAsync();

        var retried = Parse(await Aicd.RunAsync("retry", jobs.Failed, "--data", jobs.Data, "--json"));
        var retry = retried.GetProperty("jobId").GetString()!;
        (await Aicd.RunAsync("retry", jobs.Failed, "--data", jobs.Data)).EnsureSuccess().Output.ShouldBe($"Job {retry} goes on from job {jobs.Failed} already\n");
        (await Aicd.RunAsync("list", "--data", jobs.Data)).EnsureSuccess().Output.ShouldContain($"{retry}  CODING");
        var resumed = await Aicd.RunAsync("run", "--resume", retry, "--data", jobs.Data);
        resumed.ExitCode.ShouldBe(0, resumed.Errors);

        var forked = Parse(await Aicd.RunAsync("fork", jobs.Completed, "--at", "3", "--data", jobs.Data, "--json"));
        forked.GetProperty("parent").GetString().ShouldBe(jobs.Completed);
        (await Aicd.RunAsync("fork", jobs.Completed, "--at", "99", "--data", jobs.Data)).Errors.ShouldContain("--at: expected the number of an event, from 1 to 13, got '99'");
        (await Aicd.RunAsync("fork", jobs.Completed, "--agent", "nobody", "--data", jobs.Data)).Errors.ShouldContain("--agent: expected one of ");
        (await Aicd.RunAsync("retry", jobs.Completed, "--data", jobs.Data)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_pool_that_was_paused_in_the_store_stands_still_when_a_node_comes()
    {
        using var bench = await Workbench.CreateAsync();
        var job = Parse(await Aicd.RunAsync("submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--data", bench.Data, "--json")).GetProperty("jobId").GetString()!;
        (await Aicd.RunAsync("pool", "PLANNING", "pause", "--data", bench.Data)).EnsureSuccess().Output.ShouldContain("PLANNING   paused");
        (await Aicd.RunAsync("cluster", "pools", "--data", bench.Data)).EnsureSuccess().Output.ShouldContain("PLANNING   paused");

        await using var server = await RunningServer.StartAsync(bench.Data);
        await server.ReadyAsync();
        await Eventually.HoldsAsync(async () => Parse(await Aicd.RunAsync("pool", "PLANNING", "--data", bench.Data, "--json")) is var pool
            && pool.GetProperty("paused").GetBoolean() && pool.GetProperty("waiting").GetInt32() == 1, Cancelled);
        (await Aicd.RunAsync("pool", "PLANNING", "resume", "--data", bench.Data)).EnsureSuccess();
        (await Aicd.RunAsync("watch", job, "--data", bench.Data)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_watch_goes_on_when_its_server_comes_back()
    {
        using var bench = await Workbench.CreateAsync();
        var job = Parse(await Aicd.RunAsync("submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--data", bench.Data, "--json")).GetProperty("jobId").GetString()!;
        var server = await RunningServer.StartAsync(bench.Data, new Setup().Slow("00:10:00"));
        await using var watch = Aicd.Start(server.Client, "watch", job, "--json");
        await watch.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);

        await server.Process.KillAsync(Cancelled);
        await watch.WaitForErrorLineAsync(line => line.StartsWith("Note: the stream of the server", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await server.DisposeAsync();
        await using var back = await RunningServer.StartAsync(bench.Data, port: server.Url.Port);

        (await watch.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0, string.Join('\n', watch.Errors));
        var lines = RunLines.Parse(watch.Output);
        lines.ShouldBeWholeAndInOrder();
        lines.ShouldBeCompleted();
    }

    [Fact]
    public async Task A_bad_connection_string_is_never_repeated()
    {
        foreach (var command in (string[][])[["db", "check"], ["list"], ["cluster", "show"]])
        {
            var refused = await Aicd.RunAsync(Setup.Of("Postgres", "Host=db;Database=aicd;Password=abc;hunter2=x"), [.. command, "--verbose"]);

            refused.ExitCode.ShouldBe(2, refused.Errors);
            refused.Errors.ShouldNotContain("hunter2");
        }
    }

    private static JsonElement Parse(ProcessResult result) => JsonDocument.Parse(result.EnsureSuccess().Output).RootElement;
}
