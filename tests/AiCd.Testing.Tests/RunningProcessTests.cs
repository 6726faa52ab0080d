namespace AiCd.Testing.Tests;

public sealed class RunningProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_are_seen_as_they_come_and_the_exit_code_at_the_end()
    {
        await using var process = Bash("echo ready; read -r line; echo \"got $line\"; echo oops >&2; exit 3");

        (await process.WaitForLineAsync(line => line.StartsWith("ready", StringComparison.Ordinal), Patience, Cancelled)).ShouldBe("ready");
        process.HasExited.ShouldBeFalse();
        await process.Input.WriteLineAsync("it");
        await process.Input.FlushAsync(Cancelled);

        (await process.WaitForExitAsync(Patience, Cancelled)).ShouldBe(3);
        process.Output.ShouldBe(["ready", "got it"]);
        process.Errors.ShouldBe(["oops"]);
    }

    [Fact]
    public async Task A_wait_for_a_line_that_cannot_come_any_more_fails_at_once_and_shows_what_came()
    {
        await using var process = Bash("echo only this");

        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => process.WaitForLineAsync(line => line == "that", Patience, Cancelled));

        failure.Message.ShouldContain("only this");
    }

    [Fact]
    public async Task A_wait_for_a_line_that_does_not_come_in_time_times_out()
    {
        await using var process = Bash("read -r line");

        await Should.ThrowAsync<TimeoutException>(
            () => process.WaitForLineAsync(_ => true, TimeSpan.FromMilliseconds(50), Cancelled));
    }

    [Fact]
    public async Task A_process_can_be_interrupted_gracefully()
    {
        await using var process = Bash("trap 'echo bye; exit 130' INT; echo ready; while :; do read -r -t 0.05 line; done");
        await process.WaitForLineAsync(line => line == "ready", Patience, Cancelled);

        await process.SignalAsync(Signal.Interrupt, Cancelled);

        (await process.WaitForExitAsync(Patience, Cancelled)).ShouldBe(130);
        process.Output.ShouldContain("bye");
    }

    [Fact]
    public async Task A_stopped_process_does_nothing_until_it_is_continued()
    {
        await using var process = Bash("echo ready; read -r line; echo \"got $line\"");
        await process.WaitForLineAsync(line => line == "ready", Patience, Cancelled);

        await process.SignalAsync(Signal.Stop, Cancelled);
        ProcessTable.IsStopped(process.Id).ShouldBeTrue();
        await process.Input.WriteLineAsync("it");
        await process.Input.FlushAsync(Cancelled);
        await process.SignalAsync(Signal.Continue, Cancelled);

        await process.WaitForLineAsync(line => line == "got it", Patience, Cancelled);
    }

    [Fact]
    public async Task A_killed_process_is_gone_when_the_call_returns()
    {
        await using var process = Bash("read -r line");

        await process.KillAsync(Cancelled);

        process.HasExited.ShouldBeTrue();
        process.ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task Dispose_kills_the_process_with_its_children()
    {
        var process = Bash("sleep 600 & echo $!; wait");
        var child = int.Parse(await process.WaitForLineAsync(_ => true, Patience, Cancelled), System.Globalization.CultureInfo.InvariantCulture);
        ProcessTable.DescendantsOf(process.Id).ShouldBe([child]);

        await process.DisposeAsync();

        ProcessTable.IsAlive(child).ShouldBeFalse();
    }

    private static RunningProcess Bash(string script) =>
        ProcessRunner.Start(ProcessRunner.Command("bash", ["-c", script]));
}
