using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_takes_an_issue_to_a_pull_request_and_leaves_nothing_behind()
    {
        using var temporary = new TemporaryFolder();

        var demo = await Aicd.RunAsync(InTemporary(temporary), "demo", "--json");

        demo.ExitCode.ShouldBe(0, demo.Errors);
        var lines = RunLines.Parse(demo.Output);
        lines.ShouldBeCompleted();
        lines.ShouldHaveFinishedEveryStageOnce();
        lines.Result.GetProperty("pullRequest").GetProperty("number").GetInt32().ShouldBe(1);
        demo.Errors.ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(temporary.Location, "aicd-demo-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_kept_demo_can_be_looked_at_afterwards()
    {
        using var temporary = new TemporaryFolder();

        var demo = await Aicd.RunAsync(InTemporary(temporary), "demo", "--keep");

        demo.ExitCode.ShouldBe(0, demo.Errors);
        demo.Output.ShouldNotContain('\u001b');
        demo.Output.ShouldContain("QUEUED, PLANNING, CODING, REVIEWING, PR_OPEN, COMPLETED");
        demo.Output.ShouldContain("2 files changed");
        var folder = Directory.EnumerateDirectories(temporary.Location, "aicd-demo-*").ShouldHaveSingleItem();
        demo.Output.ShouldContain(folder);
        var jobs = await Aicd.RunAsync("jobs", "list", "--data", Path.Combine(folder, "data"));
        jobs.Output.ShouldContain("COMPLETED");
        var repository = Path.Combine(folder, "sample", "repository");
        var branches = await ProcessRunner.RunAsync(
            "git", ["-C", repository, "for-each-ref", "--format=%(refname)"], TestContext.Current.CancellationToken);
        branches.Output.ShouldContain("refs/heads/aicd/");
        branches.Output.ShouldContain("refs/aicd/pulls/1");
    }

    [Fact]
    public async Task The_demo_of_an_agent_on_a_model_needs_no_key_and_shows_a_rejection()
    {
        using var temporary = new TemporaryFolder();
        var setup = new Setup
        {
            Variables = new() { ["TMPDIR"] = temporary.Location, ["ANTHROPIC_API_KEY"] = null, ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:1/nobody/there" },
        };

        var demo = await Aicd.RunAsync(setup, "demo", "--agent", "anthropic", "--json");

        demo.ExitCode.ShouldBe(0, demo.Errors + demo.Output);
        RunLines.Parse(demo.Output).History.ShouldBe("QUEUED, PLANNING, CODING, REVIEWING, CODING, REVIEWING, PR_OPEN, COMPLETED");
        demo.Errors.ShouldBe("The answers of anthropic's model were written beforehand: nobody is asked.\n");
        Directory.EnumerateFileSystemEntries(temporary.Location, "aicd-demo-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_demo_whose_agent_keeps_failing_says_so_and_cleans_up()
    {
        using var temporary = new TemporaryFolder();
        var setup = InTemporary(temporary).With("Agents:Mock:FailCoding", "-1").With("Stages:Coding:Attempts", "1");

        var demo = await Aicd.RunAsync(setup, "demo");

        demo.ExitCode.ShouldBe(1);
        demo.Output.ShouldContain("CODING (mock_failure)");
        Directory.EnumerateFileSystemEntries(temporary.Location, "aicd-demo-*").ShouldBeEmpty();
    }

    private static Setup InTemporary(TemporaryFolder folder) => new() { Variables = new() { ["TMPDIR"] = folder.Location } };
}
