using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Host.Tests.Stores;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

public sealed class SteeringTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_nobody_drives_is_cancelled_and_stays_so()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);

        var cancelled = await Aicd.RunAsync("cancel", job, "--reason", "fixed by hand", "--by", "ada", "--data", bench.Data);
        cancelled.ExitCode.ShouldBe(0, cancelled.Errors);
        cancelled.Output.ShouldBe($"Job {job} is CANCELLED\n");
        var last = (await StepsAsync(bench.Data, job))[^1];
        last.GetProperty("event").GetString().ShouldBe("MARK_CANCELLED");

        var again = await Aicd.RunAsync("cancel", job, "--data", bench.Data);
        again.ExitCode.ShouldBe(1);
        again.Errors.ShouldContain($"Job {job}: ");
        (await bench.DetailsAsync(job)).Job!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Feedback_is_recorded_without_anything_being_started()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        var before = (await StepsAsync(bench.Data, job)).Count;

        var told = await Aicd.RunAsync("feedback", job, "the tests need a database", "--by", "ada", "--data", bench.Data, "--json");

        told.ExitCode.ShouldBe(0, told.Errors);
        using var line = JsonDocument.Parse(told.Output);
        line.RootElement.GetProperty("jobId").GetString().ShouldBe(job);
        line.RootElement.GetProperty("seq").GetInt32().ShouldBe(before + 1);
        var steps = await StepsAsync(bench.Data, job);
        steps.Count.ShouldBe(before + 1);
        steps[^1].GetProperty("job").GetProperty("feedback")[0].GetProperty("text").GetString().ShouldBe("the tests need a database");

        var resumed = await Aicd.RunAsync(bench.Resume(job));
        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        RunLines.Parse(resumed.Output).ShouldHaveFinishedEveryStageOnce();
    }

    [Fact]
    public async Task A_plan_that_waits_is_approved_by_its_hash_or_turned_down()
    {
        using var folder = new TemporaryFolder();
        string job, plan;
        await using (var store = await SqliteStore.OpenAsync(folder.Location, cancellationToken: Cancelled))
        {
            (var id, plan) = await SeededStore.ProposeAsync(store, Cancelled);
            job = id.Value;
        }

        var stale = await Aicd.RunAsync("approve", job, "--plan", new string('0', 64), "--data", folder.Location);
        stale.ExitCode.ShouldBe(1);

        var approved = await Aicd.RunAsync("approve", job, "--plan", plan, "--data", folder.Location);
        approved.ExitCode.ShouldBe(0, approved.Errors);
        approved.Output.ShouldBe($"Job {job} is CODING\n");
        (await StepsAsync(folder.Location, job))[^1].GetProperty("event").GetString().ShouldBe("PLAN_SUCCEEDED");

        var nothing = await Aicd.RunAsync("approve", job, "--data", folder.Location);
        nothing.ExitCode.ShouldBe(1);
        nothing.Errors.ShouldContain($"Job {job} has no plan that waits for approval: it is CODING");
    }

    [Fact]
    public async Task A_plan_that_was_turned_down_is_made_anew_with_what_was_said()
    {
        using var folder = new TemporaryFolder();
        string job;
        await using (var store = await SqliteStore.OpenAsync(folder.Location, cancellationToken: Cancelled))
        {
            job = (await SeededStore.ProposeAsync(store, Cancelled)).Job.Value;
        }

        var rejected = await Aicd.RunAsync("reject", job, "leave the API as it is", "--data", folder.Location);

        rejected.ExitCode.ShouldBe(0, rejected.Errors);
        var last = (await StepsAsync(folder.Location, job))[^1];
        last.GetProperty("event").GetString().ShouldBe("PLAN_TURNED_DOWN");
        last.GetProperty("owed").GetString().ShouldBe("PLANNING");
    }

    [Fact]
    public async Task While_a_server_runs_it_is_named()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        await using var server = await RunningServer.StartAsync(bench.Data, new Setup().Slow("00:10:00"));

        var refused = await Aicd.RunAsync("cancel", job, "--data", bench.Data);

        refused.ExitCode.ShouldBe(3);
        refused.Errors.ShouldContain($"is in use by process {server.Process.Id}");
        refused.Errors.ShouldContain(server.Url.GetLeftPart(UriPartial.Authority));
    }

    [Fact]
    public async Task A_blank_text_is_refused()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);

        foreach (var (arguments, message) in ((string[], string)[])[
            (["feedback", job, "  "], "TEXT: expected a text, got a blank one"),
            (["cancel", job, "--reason", ""], "--reason: expected a text, got a blank one"),
            (["cancel", job, "--by", ""], "--by: expected a text, got a blank one"),
            (["reject", job], "Required argument 'TEXT' missing")])
        {
            var refused = await Aicd.RunAsync([.. arguments, "--data", bench.Data]);
            refused.ExitCode.ShouldBe(2, refused.Errors);
            refused.Errors.ShouldContain(message);
        }
    }

    [Fact]
    public async Task Whoever_follows_sees_a_job_through_to_its_end()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        await using var server = await RunningServer.StartAsync(bench.Data, new Setup().Slow("00:00:01"));
        await using var watch = Aicd.Start(null, "watch", job, "--data", bench.Data, "--json");
        await using var logs = Aicd.Start(null, "logs", job, "--data", bench.Data, "--follow");

        (await watch.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0);
        (await logs.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0);

        RunLines.Parse(watch.Output).ShouldBeCompleted();
        logs.Output.Count(line => line.Contains("--- transcript", StringComparison.Ordinal)).ShouldBe(3);
        logs.Output[^1].ShouldEndWith("COMPLETED  done");
    }

    [Fact]
    public async Task A_watch_says_that_nobody_drives_the_job_and_ends_when_it_is_interrupted()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        await using var watch = Aicd.Start(null, "watch", job, "--data", bench.Data);

        await watch.WaitForErrorLineAsync(line => line.StartsWith("Note: no node runs on the store", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await watch.SignalAsync(Signal.Interrupt, Cancelled);

        (await watch.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
    }

    /// <summary>A job that was interrupted in good order while it planned.</summary>
    private static async Task<string> LeaveOwedAsync(Workbench bench)
    {
        await using var run = Aicd.Start(new Setup().Slow("00:10:00"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await run.SignalAsync(Signal.Interrupt, Cancelled);
        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
        return RunLines.Parse(run.Output).Job;
    }

    private static async Task<IReadOnlyList<JsonElement>> StepsAsync(string data, string job) =>
        [.. (await Aicd.RunAsync("replay", job, "--json", "--data", data)).EnsureSuccess().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
