using System.Text.Json;
using AiCd.Host.Tests.Architecture;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class CommandAgentTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_agent_of_the_samples_resolves_an_issue_and_the_repositorys_own_checks_prove_it()
    {
        using var bench = await CommandBench.CreateAsync("setup: touch ~/ready\ntest: test -f ~/ready && grep -q three src/app.txt\n");
        File.Copy(Path.Combine(ProjectFiles.FindRepository(), "samples", "command-agent", "agent.py"), Path.Combine(bench.Tools, "agent.py"));
        await File.WriteAllTextAsync(bench.Bench.Issue, "# Count on\n\n- Replace `two` by `three` in `src/app.txt`\n", Cancelled);

        var (run, lines) = await bench.RunAsync(bench.With("python3", Path.Combine(bench.Tools, "agent.py")));

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        lines.ShouldBeCompleted();
        (await bench.ReadAsync(lines, "src/app.txt")).ShouldBe("one\nthree\n");
        (await bench.ArtifactAsync(lines, "REVIEW_APPROVED", "checks")).ShouldContain("grep -q three src/app.txt");
        (await bench.ArtifactAsync(lines, "CODE_SUCCEEDED", "transcript")).ShouldContain("changed src/app.txt");
        await bench.Bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task Checks_that_fail_send_the_change_back_with_their_log()
    {
        using var bench = await CommandBench.CreateAsync("test: |\n  echo looking for round two\n  grep -q 2 round.txt\n");

        var (run, lines) = await bench.RunAsync(await bench.AgentAsync("echo $2 > round.txt"));

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        lines.History.ShouldBe("QUEUED, PLANNING, CODING, REVIEWING, CODING, REVIEWING, PR_OPEN, COMPLETED");
        var review = await bench.ArtifactAsync(lines, "REVIEW_REJECTED", "review");
        review.ShouldContain("Checks failed: test");
        review.ShouldContain("looking for round two");
        (await bench.ArtifactAsync(lines, "CODE_SUCCEEDED", "transcript")).ShouldContain("looking for round two");
        (await bench.ReadAsync(lines, "round.txt")).ShouldBe("2\n");
    }

    [Fact]
    public async Task What_a_change_says_of_its_own_checks_counts_for_nothing()
    {
        using var bench = await CommandBench.CreateAsync("test: 'false'\n");
        var agent = await bench.AgentAsync("echo \"test: 'true'\" > .aicd.yml; echo $2 > round.txt");

        var (run, lines) = await bench.RunAsync(agent.With("Policy:ProtectAutomation", "false"));

        run.ExitCode.ShouldBe(1);
        lines.Result.GetProperty("failure").GetProperty("code").GetString().ShouldBe("review_rounds_exhausted");
        (await bench.Bench.JobBranchesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_of_a_protected_path_is_sent_back_with_a_comment_that_names_it()
    {
        using var bench = await CommandBench.CreateAsync("protected: [src/**]\nrequireChecks: false\n");

        var (run, lines) = await bench.RunAsync(await bench.AgentAsync("if [ $2 = 1 ]; then echo x > src/app.txt; else echo one > src/app.txt; echo two >> src/app.txt; fi; echo $2 > round.txt"));

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        lines.CountOf("REVIEW_REJECTED").ShouldBe(1);
        (await bench.ArtifactAsync(lines, "REVIEW_REJECTED", "review")).ShouldContain("protected by the pattern");
        (await bench.ReadAsync(lines, "src/app.txt")).ShouldBe("one\ntwo\n");
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_fails_the_job_with_its_line()
    {
        using var bench = await CommandBench.CreateAsync("test: 'true'\nnetwork: everything\n");

        var (run, lines) = await bench.RunAsync(await bench.AgentAsync("echo 1 > a"));

        run.ExitCode.ShouldBe(1);
        lines.Result.GetProperty("failure").GetProperty("code").GetString().ShouldBe("policy_invalid");
        lines.Result.GetProperty("failure").GetProperty("message").GetString()!.ShouldContain(".aicd.yml:2: network: expected none, setup, full");
    }

    [Fact]
    public async Task A_repository_says_who_works_where_it_starts_and_what_its_pull_request_bears()
    {
        using var bench = await CommandBench.CreateAsync("agent: command\nbase: develop\nlabels: [by-aicd]\n");
        await bench.Repository.CreateBranchAsync("develop", cancellationToken: TestContext.Current.CancellationToken);
        var agent = await bench.AgentAsync("echo 1 > a");

        var run = await Aicd.RunAsync(agent, bench.Bench.Run());

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        var lines = RunLines.Parse(run.Output);
        var submission = lines.Of("SUBMITTED")[0].GetProperty("data").GetProperty("submission");
        submission.GetProperty("agent").GetString().ShouldBe("command");
        submission.GetProperty("baseBranch").GetString().ShouldBe("develop");
        using var pull = JsonDocument.Parse(await bench.Repository.GitAsync(["show", $"{Workbench.Pulls}/1"], TestContext.Current.CancellationToken));
        pull.RootElement.GetProperty("baseBranch").GetString().ShouldBe("develop");
        pull.RootElement.GetProperty("labels")[0].GetString().ShouldBe("by-aicd");

        var refused = await Aicd.RunAsync(agent.With("Policy:Agents:0", "mock"), bench.Bench.Run());

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("--agent: .aicd.yml: agent: expected one of mock (AiCd:Policy:Agents), found 'command'");
    }

    [Fact]
    public async Task Without_a_sandbox_nothing_is_run_unless_the_operator_says_so()
    {
        using var bench = await CommandBench.CreateAsync();
        var agent = await bench.AgentAsync("pwd; echo 1 > made");

        var (refused, failed) = await bench.RunAsync(agent.With("Sandbox:Bubblewrap", "no-such-bwrap"));
        var (run, lines) = await bench.RunAsync(agent.With("Sandbox:Bubblewrap", "no-such-bwrap").With("Sandbox:Mode", "None"));

        refused.ExitCode.ShouldBe(1);
        failed.Result.GetProperty("failure").GetProperty("code").GetString().ShouldBe("no_sandbox");
        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        (await bench.ReadAsync(lines, "made")).ShouldBe("1\n");
    }
}
