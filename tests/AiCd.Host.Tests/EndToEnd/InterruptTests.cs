using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class InterruptTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    public async Task An_interrupted_run_leaves_the_job_owed_and_says_how_to_go_on(Signal signal)
    {
        using var bench = await Workbench.CreateAsync();
        await using var run = Aicd.Start(new Setup().Slow("00:00:03"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_CODING", StringComparison.Ordinal), Aicd.Patience, Cancelled);

        await run.SignalAsync(signal, Cancelled);

        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeWholeAndInOrder();
        lines.State.ShouldBe("CODING");
        lines.CountOf("ATTEMPT_INTERRUPTED").ShouldBe(1);
        run.Errors.ShouldContain($"Interrupted: job {lines.Job} stays owed. Go on with: aicd run --resume {lines.Job} --data {bench.Data}");

        var resumed = await Aicd.RunAsync(bench.Resume(lines.Job[..12]));
        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        var all = RunLines.Parse(resumed.Output);
        all.ShouldBeCompleted();
        all.ShouldHaveFinishedEveryStageOnce();
        all.CountOf("START_CODING").ShouldBe(1);
    }

    [Fact]
    public async Task Two_runs_on_one_data_folder_do_not_share_it()
    {
        using var bench = await Workbench.CreateAsync();
        await using var first = Aicd.Start(new Setup().Slow("00:10:00"), bench.Run());
        await first.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);

        var second = await Aicd.RunAsync(bench.Run());

        second.ExitCode.ShouldBe(3);
        second.Errors.ShouldContain($"The data folder {bench.Data} is in use by process {first.Id}");
        second.Output.ShouldBeEmpty();
    }
}
