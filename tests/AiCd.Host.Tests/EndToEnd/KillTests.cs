using AiCd.Actors.Jobs;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>Real processes, ended by SIGKILL, on every store that survives them.</summary>
public abstract class KillTests
{
    private const string Delay = "00:00:02";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected abstract Task<Workbench> CreateAsync();

    [Theory]
    [InlineData("START_PLANNING")]
    [InlineData("START_CODING")]
    [InlineData("START_REVIEWING")]
    public async Task A_job_whose_process_is_killed_in_a_stage_goes_on_there(string begun)
    {
        using var bench = await CreateAsync();
        var job = await KillAtAsync(bench, bench.Setup.Slow(Delay), begun);

        var resumed = await Aicd.RunAsync(bench.Setup, bench.Resume(job));

        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        var lines = RunLines.Parse(resumed.Output);
        lines.ShouldBeCompleted();
        lines.ShouldHaveFinishedEveryStageOnce();
        lines.CountOf(begun).ShouldBe(1);
        lines.CountOf("ATTEMPT_INTERRUPTED").ShouldBe(1);
        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Theory]
    [InlineData(GitTrap.Before)]
    [InlineData(GitTrap.After)]
    public async Task A_job_killed_between_push_and_record_has_one_branch_and_one_pull_request(string when)
    {
        using var bench = await CreateAsync();
        await using var trap = await GitTrap.SetAsync(bench.Combine("trap"), $"update-ref.*{Workbench.Pulls}/", when, Cancelled);
        string job;
        await using (var run = Aicd.Start(bench.Setup.With("Git:Executable", trap.Executable), bench.Run()))
        {
            await trap.SprungAsync(Cancelled);
            job = RunLines.Parse(run.Output).Job;
            await run.KillAsync(Cancelled);
        }

        await trap.ReleaseAsync(Cancelled);
        (await bench.JobBranchesAsync()).Count.ShouldBe(1);
        (await bench.PullRequestsAsync()).Count.ShouldBe(when == GitTrap.After ? 1 : 0);

        var resumed = await Aicd.RunAsync(bench.Setup, bench.Resume(job));

        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        var lines = RunLines.Parse(resumed.Output);
        lines.ShouldBeCompleted();
        lines.ShouldHaveFinishedEveryStageOnce();
        lines.Of("EFFECT_INTENDED").Select(e => e.GetProperty("data").GetProperty("effect").GetString()).ShouldBe(["push", "pull_request"]);
        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task A_job_killed_before_its_push_pushes_once()
    {
        using var bench = await CreateAsync();
        await using var trap = await GitTrap.SetAsync(bench.Combine("trap"), "push --porcelain", GitTrap.Before, Cancelled);
        string job;
        await using (var run = Aicd.Start(bench.Setup.With("Git:Executable", trap.Executable), bench.Run()))
        {
            await trap.SprungAsync(Cancelled);
            job = RunLines.Parse(run.Output).Job;
            await run.KillAsync(Cancelled);
        }

        await trap.ReleaseAsync(Cancelled);

        var resumed = await Aicd.RunAsync(bench.Setup, bench.Resume(job));

        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        RunLines.Parse(resumed.Output).ShouldHaveFinishedEveryStageOnce();
        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task A_server_picks_up_what_a_killed_run_left()
    {
        using var bench = await CreateAsync();
        var job = await KillAtAsync(bench, bench.Setup.Slow(Delay), "START_CODING");

        await using (var server = await RunningServer.StartAsync(bench.Data, bench.Setup))
        {
            await bench.UntilAsync(job, details => details.Job?.State == JobState.Completed);
        }

        var shown = await Aicd.RunAsync(bench.Setup, bench.Resume(job));
        shown.ExitCode.ShouldBe(0, shown.Errors);
        RunLines.Parse(shown.Output).ShouldHaveFinishedEveryStageOnce();
        await bench.ShouldHaveOnePullRequestAsync();
    }

    /// <returns>The job.</returns>
    private static async Task<string> KillAtAsync(Workbench bench, Setup setup, string begun)
    {
        await using var run = Aicd.Start(setup, bench.Run());
        await run.WaitForLineAsync(line => line.Contains($"\"event\":\"{begun}\"", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await run.KillAsync(Cancelled);
        return RunLines.Parse(run.Output).Job;
    }
}
