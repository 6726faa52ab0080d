using System.Net;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Host.Jobs;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class ServeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_says_that_it_lives_where_it_is_and_that_the_folder_is_its_own()
    {
        using var bench = await Workbench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data);
        await server.ReadyAsync();

        (await server.GetAsync("/health/live")).ShouldBe((HttpStatusCode.OK, "{\"status\":\"live\"}"));
        (await server.GetAsync("/health/ready")).ShouldBe((HttpStatusCode.OK, "{\"status\":\"ready\"}"));
        server.Url.Host.ShouldBe("127.0.0.1");

        var run = await Aicd.RunAsync(bench.Run());
        run.ExitCode.ShouldBe(3);
        run.Errors.ShouldContain($"in use by process {server.Process.Id}");
        run.Errors.ShouldContain(server.Url.GetLeftPart(UriPartial.Authority));
        run.Output.ShouldBeEmpty();

        (await server.StopAsync()).ShouldBe(0);
        File.Exists(RunningServer.FileIn(bench.Data)).ShouldBeFalse();
        server.Process.Errors.ShouldAllBe(line => JsonDocument.Parse(line, default).RootElement.ValueKind == JsonValueKind.Object);
    }

    [Fact]
    public async Task A_stopping_server_lets_the_running_stage_finish_and_the_next_goes_on_from_there()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        await using (var server = await RunningServer.StartAsync(bench.Data, new Setup().Slow("00:00:03")))
        {
            await bench.UntilAsync(job, details => Has(details, Stage.Coding, "running"));
            (await server.StopAsync()).ShouldBe(0);
            server.Process.Errors[^1].ShouldContain("0 running attempts were left owed");
        }

        (await bench.DetailsAsync(job)).Attempts.Count(attempt => attempt is { Stage: Stage.Coding, Outcome: "succeeded" }).ShouldBe(1);

        await using (await RunningServer.StartAsync(bench.Data))
        {
            await bench.UntilAsync(job, details => details.Job?.State == JobState.Completed);
        }

        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task A_stage_that_outlasts_the_grace_is_left_owed_and_does_not_count_against_the_job()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        var setup = new Setup().Slow("00:10:00").With("StopGrace", "00:00:00.2");
        await using (var server = await RunningServer.StartAsync(bench.Data, setup))
        {
            await bench.UntilAsync(job, details => Has(details, Stage.Planning, "running"));
            (await server.StopAsync()).ShouldBe(0);
            server.Process.Errors[^1].ShouldContain("1 running attempts were left owed");
        }

        (await bench.DetailsAsync(job)).Attempts.Select(attempt => (attempt.Stage, attempt.Outcome)).Distinct().ShouldBe([(Stage.Planning, "interrupted")]);
        var resumed = await Aicd.RunAsync(bench.Resume(job));
        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        RunLines.Parse(resumed.Output).ShouldHaveFinishedEveryStageOnce();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var bench = await Workbench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data);

        var second = await Aicd.RunAsync("serve", "--data", bench.Combine("other"), "--urls", server.Url.GetLeftPart(UriPartial.Authority));

        second.ExitCode.ShouldBe(3);
        second.Errors.ShouldContain("address already in use");
        File.Exists(RunningServer.FileIn(bench.Combine("other"))).ShouldBeFalse();
    }

    /// <summary>A job that was interrupted while it planned.</summary>
    private static async Task<string> LeaveOwedAsync(Workbench bench)
    {
        await using var run = Aicd.Start(new Setup().Slow("00:10:00"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await run.SignalAsync(Signal.Interrupt, Cancelled);
        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
        return RunLines.Parse(run.Output).Job;
    }

    private static bool Has(JobDetails details, Stage stage, string outcome) =>
        details.Attempts.Any(attempt => attempt.Stage == stage && attempt.Outcome == outcome);
}
