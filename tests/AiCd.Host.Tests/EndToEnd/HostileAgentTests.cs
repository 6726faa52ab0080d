namespace AiCd.Host.Tests.EndToEnd;

/// <summary>An agent that tries to get out, with the whole pipeline around it: what it leaves in the tree meets the host's git afterwards.</summary>
public sealed class HostileAgentTests
{
    private const string Filters = """
        printf '* filter=evil diff=evil merge=evil ident\n' > .gitattributes
        for file in .gitconfig config .lfsconfig .hgrc; do
          printf '[core]\n\tfsmonitor = TRAP\n\thooksPath = /work\n\tsshCommand = TRAP\n\tpager = TRAP\n[filter "evil"]\n\tclean = TRAP\n\tsmudge = TRAP\n\tprocess = TRAP\n[diff "evil"]\n\ttextconv = TRAP\n\tcommand = TRAP\n' > $file
        done
        for hook in pre-commit post-commit post-checkout pre-push reference-transaction post-index-change fsmonitor-watchman git; do
          printf '#!/bin/sh\ntouch TRAP.ran\n' > $hook; chmod 755 $hook
        done
        mkdir -p hooks && cp pre-commit post-checkout hooks/
        """;

    private const string Escapes = """
        cat 'DATA/aicd.db'; ls 'DATA'; cat /proc/1/environ
        cat /root/.ssh/id_* "$HOME/.ssh/id_*"; echo x > /usr/bin/git; echo x > /etc/gitconfig
        (exec 3<> /dev/tcp/127.0.0.1/22) 2>&1; env
        """;

    [Fact]
    public async Task Every_attempt_fails_stands_in_the_transcript_and_leaves_a_pull_request_that_does_no_harm()
    {
        using var bench = await CommandBench.CreateAsync("test: 'true'\n");
        var trap = Path.Combine(bench.Tools, "trap");
        await File.WriteAllTextAsync(trap, $"#!/bin/sh\ntouch '{trap}.ran'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(trap, (UnixFileMode)Convert.ToInt32("755", 8));
        var script = (Escapes + "\n" + Filters).Replace("TRAP", trap, StringComparison.Ordinal).Replace("DATA", bench.Bench.Data, StringComparison.Ordinal);
        var agent = (await bench.AgentAsync(script)).With("Git:AuthorName", "Robot");

        var (run, lines) = await bench.RunAsync(agent);

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        lines.ShouldBeCompleted();
        File.Exists(trap + ".ran").ShouldBeFalse();
        var transcript = await bench.ArtifactAsync(lines, "CODE_SUCCEEDED", "transcript");
        foreach (var expected in new[] { "aicd.db: No such file", "/usr/bin/git: Read-only file system", "/etc/gitconfig: Read-only file system", "Connection refused", "id_*': No such file" })
        {
            transcript.Replace("\\u0027", "'", StringComparison.Ordinal).ShouldContain(expected);
        }

        transcript.ShouldNotContain("AiCd__");
        transcript.ShouldNotContain("Robot");
        (await bench.ReadAsync(lines, "pre-commit")).ShouldContain("touch");
    }

    [Theory]
    [InlineData("git init -q . && cp TRAP .git/hooks/pre-commit && git config core.fsmonitor TRAP")]
    [InlineData("git init -q sub && git -C sub config core.sshCommand TRAP && cp TRAP sub/.git/hooks/post-checkout")]
    [InlineData("printf 'gitdir: /tools/evil\\n' > .git")]
    [InlineData("ln -s /etc/passwd stolen")]
    [InlineData("printf '[submodule \"m\"]\\n\\tpath = m\\n\\turl = https://example.com/m\\n\\tupdate = !touch TRAP.ran\\n' > .gitmodules")]
    public async Task What_would_arm_a_repository_is_refused_before_any_git_meets_it(string attack)
    {
        using var bench = await CommandBench.CreateAsync();
        var trap = Path.Combine(bench.Tools, "trap");
        await File.WriteAllTextAsync(trap, $"#!/bin/sh\ntouch '{trap}.ran'\n", TestContext.Current.CancellationToken);

        var (run, lines) = await bench.RunAsync(await bench.AgentAsync("echo 1 > a; " + attack.Replace("TRAP", trap, StringComparison.Ordinal)));

        run.ExitCode.ShouldBe(1, run.Output);
        lines.Result.GetProperty("failure").GetProperty("code").GetString().ShouldBe("path_refused", run.Output);
        File.Exists(trap + ".ran").ShouldBeFalse();
        (await bench.Bench.JobBranchesAsync()).ShouldBeEmpty();
    }
}
