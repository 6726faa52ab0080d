namespace AiCd.Agents.Tests.Tools;

public sealed class BashToolTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_command_gives_its_output_and_its_exit_code()
    {
        (await ToolBench.RunAsync(_bench.Bash(), new { command = "echo out; exit 3" })).ShouldBe("out\n[exit code 3]");
        (await ToolBench.RunAsync(_bench.Bash(), new { command = "echo err >&2" })).ShouldBe("err\n[exit code 0]");
        (await ToolBench.RunAsync(_bench.Bash(), new { command = "printf half" })).ShouldBe("half\n[exit code 0]");
        (await ToolBench.RunAsync(_bench.Bash(), new { command = "true" })).ShouldBe("[exit code 0]");
    }

    [Fact]
    public async Task Every_call_has_a_fresh_shell_and_only_files_outlive_it()
    {
        await ToolBench.RunAsync(_bench.Bash(), new { command = "cd /; export LEFT=here" });
        await ToolBench.RunAsync(_bench.Bash(), new { command = "echo here > left.txt" });

        (await ToolBench.RunAsync(_bench.Bash(), new { command = "echo \"<$LEFT>\"; cat left.txt" })).ShouldBe("<>\nhere\n[exit code 0]");
    }

    [Fact]
    public async Task Long_output_keeps_its_beginning_and_its_end_and_says_in_the_middle_how_much_is_gone()
    {
        var said = await ToolBench.RunAsync(_bench.Bash(), new { command = "seq 1 100000" });

        // 588895 characters in all, of which 32 Ki are kept.
        said.ShouldStartWith("1\n2\n3\n");
        said.ShouldEndWith("\n99999\n100000\n[exit code 0]");
        said.ShouldContain("\n[... 556127 characters are cut here ...]\n");
        said.Length.ShouldBeLessThan(33_000);
        said.IndexOf("[... ", StringComparison.Ordinal).ShouldBeInRange(16_000, 17_000);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_killed_and_the_model_may_not_ask_for_more()
    {
        var said = await ToolBench.RunAsync(_bench.Bash(TimeSpan.FromSeconds(1)), new { command = "echo begun; exec sleep 300", timeout_seconds = 300 });

        said.ShouldBe("begun\n[killed: it took longer than 1 seconds]");
    }

    [Fact]
    public async Task Arguments_that_are_not_what_is_expected_are_named()
    {
        (await ToolBench.RefusalAsync(_bench.Bash(), new { })).ShouldBe("command: expected a text, got nothing");
        (await ToolBench.RefusalAsync(_bench.Bash(), new { command = 7 })).ShouldBe("command: expected a text, got 7");
        (await ToolBench.RefusalAsync(_bench.Bash(), new { command = "true", timeout_seconds = "soon" }))
            .ShouldBe("timeout_seconds: expected a whole number from 1 to 86400, got \"soon\"");
    }
}
