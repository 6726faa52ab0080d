using AiCd.Host.CommandLine;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

public sealed class CompletionTests(TwoJobs jobs) : IClassFixture<TwoJobs>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("aicd ex", "export")]
    [InlineData("aicd db c", "check,copy")]
    [InlineData("aicd list --state PR", "PR_OPEN")]
    [InlineData("aicd logs --st", "--stage")]
    [InlineData("aicd db copy --from p", "postgres")]
    [InlineData("aicd completion ", "bash,fish,zsh")]
    public async Task Bash_completes_commands_options_and_values(string line, string expected) =>
        (await BashAsync(line)).ShouldBe(expected.Split(','), ignoreOrder: true);

    [Fact]
    public async Task Bash_completes_the_jobs_of_the_store()
    {
        (await BashAsync($"aicd show --data {jobs.Data} ")).ShouldBe([jobs.Completed, jobs.Failed], ignoreOrder: true);
        (await BashAsync($"aicd show --data {jobs.Data} {jobs.Completed[..15]}")).ShouldBe([jobs.Completed]);
        (await BashAsync("aicd show --data /nowhere 1")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("bash", "bash", "-n")]
    [InlineData("zsh", "zsh", "-n")]
    [InlineData("fish", "fish", "--no-execute")]
    public async Task A_shell_reads_its_script(string shell, string program, string option)
    {
        using var folder = new TemporaryFolder();
        var script = (await Aicd.RunAsync("completion", shell)).EnsureSuccess().Output;
        script.ShouldContain("[suggest:");
        await File.WriteAllTextAsync(folder.Combine("script"), script, Cancelled);
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, program))))
        {
            Assert.Skip($"{program} is not installed");
        }

        (await ProcessRunner.RunAsync(program, [option, folder.Combine("script")], Cancelled)).EnsureSuccess();
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_bad_input()
    {
        var refused = await Aicd.RunAsync("completion", "tcsh");

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("SHELL: expected one of bash, zsh, fish, got 'tcsh'");
    }

    [Fact]
    public async Task Help_tells_the_exit_codes()
    {
        var help = (await Aicd.RunAsync("--help")).EnsureSuccess().Output;

        help.ShouldContain("Exit codes:");
        help.ShouldContain("  130  Interrupted; what was begun stays owed");
    }

    /// <summary>What bash would offer at the end of the line.</summary>
    private static async Task<IReadOnlyList<string>> BashAsync(string line)
    {
        var script = $$"""
            export PATH={{Shell.Quote(Path.GetDirectoryName(Aicd.Executable)!)}}:$PATH
            eval "$(aicd completion bash)"
            COMP_LINE={{Shell.Quote(line)}}; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _aicd
            (( ${#COMPREPLY[@]} == 0 )) || printf '%s\n' "${COMPREPLY[@]}"
            """;
        var run = await ProcessRunner.RunAsync(ProcessRunner.Command("bash", ["-c", script], Aicd.EnvironmentOf(null)), "", Cancelled);
        return run.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
