using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Git;

public sealed class GitRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_git_process_sees_nothing_of_the_environment_but_what_is_allowed()
    {
        Environment.SetEnvironmentVariable("AICD_TEST_TOKEN", "secret");
        Environment.SetEnvironmentVariable("GIT_SSH_COMMAND", "secret");
        using var forge = new TestForge(("AiCd:Git:Executable", Script("env")));

        var seen = (await forge.Get<GitRunner>().RunAsync(new GitCommand(["x"]), Cancel)).Lines.Select(line => line.Split('=')[0]).ToHashSet();

        seen.RemoveWhere(name => name.StartsWith("GIT_CONFIG_KEY_", StringComparison.Ordinal) || name.StartsWith("GIT_CONFIG_VALUE_", StringComparison.Ordinal));
        string[] allowed =
        [
            "PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "LC_ALL", "GIT_CONFIG_COUNT", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL", "GIT_ATTR_NOSYSTEM",
            "GIT_TERMINAL_PROMPT", "GIT_ASKPASS", "GIT_OPTIONAL_LOCKS", "GIT_NO_REPLACE_OBJECTS", "GIT_NO_LAZY_FETCH", "GIT_LITERAL_PATHSPECS",
            "GIT_ALLOW_PROTOCOL", "GIT_PROTOCOL_FROM_USER", "PWD", "SHLVL", "_", "OLDPWD",
        ];
        seen.Except(allowed).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_home_folder_of_git_is_empty_and_private()
    {
        using var forge = new TestForge();

        var folder = forge.Get<GitRunner>().EmptyFolder;

        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var user = await forge.Get<GitRunner>().RunAsync(new GitCommand(["config", "--list", "--show-scope"]), Cancel);
        user.Lines.Select(line => line.Split('\t')[0]).Distinct().ShouldBe(["global", "command"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_program_named_git_in_the_current_folder_is_not_taken_for_git()
    {
        using var forge = new TestForge();

        SearchPath.Find("git").ShouldNotBeNull().ShouldStartWith("/");
        SearchPath.Find("./git").ShouldBeNull();
        SearchPath.Find("bin/git").ShouldBeNull();
        SearchPath.Value.Split(':').ShouldAllBe(folder => folder.StartsWith('/'));
        (await forge.Get<GitRunner>().RunAsync(new GitCommand(["version"]), Cancel)).Line.ShouldStartWith("git version");
    }

    [Fact]
    public async Task A_missing_git_is_a_clear_error()
    {
        using var forge = new TestForge(("AiCd:Git:Executable", "no-such-git"));

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "git_not_found", () => forge.Get<GitRunner>().RunAsync(new GitCommand(["version"]), Cancel));
        refusal.Message.ShouldContain("AiCd:Git:Executable");
    }

    [Fact]
    public async Task Cancelling_ends_the_process_and_its_children()
    {
        var pids = _folder.Combine("pids");
        (await ProcessRunner.RunAsync("mkfifo", [pids], Cancel)).EnsureSuccess();
        using var forge = new TestForge(("AiCd:Git:Executable", Script($"sleep 1000 & echo $$ $! > '{pids}'; trap '' TERM; wait")));
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var run = forge.Get<GitRunner>().RunAsync(new GitCommand(["x"]), cancelled.Token);
        var started = (await File.ReadAllTextAsync(pids, Cancel)).Trim().Split(' ');
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        started.Length.ShouldBe(2);
        await Eventually.HoldsAsync(() => !started.Any(IsRunning), Cancel);
    }

    [Fact]
    public async Task A_process_that_takes_too_long_is_ended()
    {
        var clock = new ManualTimeProvider();
        using var forge = new TestForge(clock, ("AiCd:Git:Executable", Script("sleep 1000")), ("AiCd:Git:Timeout", "00:05:00"));

        var run = forge.Get<GitRunner>().RunAsync(new GitCommand(["fetch"]), Cancel);
        await clock.WaitForTimerAsync(TimeSpan.FromMinutes(5), Cancel);
        clock.Advance(TimeSpan.FromMinutes(5));

        var refusal = await Expect.RefusalAsync(FaultKind.Transient, "git_timeout", () => run);
        refusal.Message.ShouldContain("git fetch");
    }

    [Fact]
    public async Task A_failure_tells_the_end_of_what_git_said_and_no_credentials()
    {
        using var forge = new TestForge(("AiCd:Git:Executable", Script("yes noise | head -c 100000 >&2; echo 'fatal: https://user:pass@example.com/x failed' >&2; exit 3")));

        var refusal = await Expect.RefusalAsync(FaultKind.Transient, "git_failed", () => forge.Get<GitRunner>().RunAsync(new GitCommand(["push"]), Cancel));

        refusal.Message.ShouldStartWith("git push ended with exit code 3: ");
        refusal.Message.ShouldEndWith("fatal: https://***@example.com/x failed");
        refusal.Message.Length.ShouldBeLessThan(5000);
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_cut_or_an_error_but_never_blocks()
    {
        using var forge = new TestForge(("AiCd:Git:Executable", Script("yes | head -c 1000000")));
        var git = forge.Get<GitRunner>();

        var cut = await git.RunAsync(new GitCommand(["x"]) { OutputLimit = 10, CutOutput = true }, Cancel);

        cut.Text.ShouldBe("y\ny\ny\ny\ny\n");
        cut.TotalBytes.ShouldBe(1_000_000);
        await Expect.RefusalAsync(FaultKind.Permanent, "git_output_too_large", () => git.RunAsync(new GitCommand(["x"]) { OutputLimit = 10 }, Cancel));
    }

    [Fact]
    public async Task Input_that_git_does_not_read_is_no_error()
    {
        using var forge = new TestForge(("AiCd:Git:Executable", Script("exec <&-; echo done")));

        (await forge.Get<GitRunner>().RunAsync(new GitCommand(["x"]) { Input = new byte[1_000_000] }, Cancel)).Line.ShouldBe("done");
    }

    [Fact]
    public async Task A_temporary_file_of_configuration_is_written_once_and_mended()
    {
        using var first = new TestForge();
        var config = Path.Combine(first.DataFolder, "git", "config");
        _ = first.Get<GitRunner>().EmptyFolder;
        await File.WriteAllTextAsync(config, "[core]\n\thooksPath = /evil\n", Cancel);

        GitHome.Prepare(first.DataFolder);

        (await File.ReadAllTextAsync(config, Cancel)).ShouldBe(HardenedConfig.File);
    }

    private static bool IsRunning(string pid) =>
        File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].TrimStart()[0] != 'Z';

    private string Script(string text)
    {
        var path = _folder.Combine("program");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
