using System.Text.Json;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class RejectionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_comments_of_a_rejection_reach_the_next_round()
    {
        using var bench = await Workbench.CreateAsync();

        var run = await Aicd.RunAsync(Setup.Of("Agents:Mock:RejectReview", "1"), bench.Run());

        run.ExitCode.ShouldBe(0, run.Errors);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeWholeAndInOrder();
        lines.History.ShouldBe("QUEUED, PLANNING, CODING, REVIEWING, CODING, REVIEWING, PR_OPEN, COMPLETED");
        lines.CountOf("REVIEW_REJECTED").ShouldBe(1);
        var head = lines.Result.GetProperty("pullRequest").GetProperty("headSha").GetString()!;
        var record = await bench.Repository.ReadFileAsync(head, "docs/aicd/say-more-about-app-txt.md", Cancelled);
        record.ShouldContain("Answer to review round 1");
        record.ShouldContain("Say here how the issue's points were verified.");
        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task A_change_that_no_review_approves_fails_after_the_last_round()
    {
        using var bench = await Workbench.CreateAsync();

        var run = await Aicd.RunAsync(Setup.Of("Agents:Mock:RejectReview", "-1"), bench.Run());

        run.ExitCode.ShouldBe(1);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeWholeAndInOrder();
        lines.State.ShouldBe("FAILED");
        lines.CountOf("REVIEW_REJECTED").ShouldBe(2);
        lines.CountOf("REVIEW_FAILED").ShouldBe(1);
        FailureOf(lines).ShouldBe(("REVIEWING", "review_rounds_exhausted"));
        lines.Result.GetProperty("pullRequest").ValueKind.ShouldBe(JsonValueKind.Null);
        (await bench.JobBranchesAsync()).ShouldBeEmpty();
        (await bench.PullRequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_that_fails_is_tried_again()
    {
        using var bench = await Workbench.CreateAsync();

        var run = await Aicd.RunAsync(Impatient("1"), bench.Run());

        run.ExitCode.ShouldBe(0, run.Errors);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeCompleted();
        lines.CountOf("ATTEMPT_FAILED").ShouldBe(1);
        lines.Of("ATTEMPT_STARTED").Count(e => e.GetProperty("data").GetProperty("stage").GetString() == "PLANNING").ShouldBe(1);
    }

    [Fact]
    public async Task Three_failed_attempts_fail_the_job()
    {
        using var bench = await Workbench.CreateAsync();

        var run = await Aicd.RunAsync(Impatient("-1"), bench.Run());

        run.ExitCode.ShouldBe(1);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeWholeAndInOrder();
        lines.History.ShouldBe("QUEUED, PLANNING, FAILED");
        lines.CountOf("ATTEMPT_FAILED").ShouldBe(3);
        FailureOf(lines).ShouldBe(("PLANNING", "mock_failure"));

        var again = await Aicd.RunAsync(bench.Resume(lines.Job));
        again.ExitCode.ShouldBe(1);
        again.Output.ShouldBe(run.Output);
    }

    private static Setup Impatient(string failures) =>
        Setup.Of("Agents:Mock:FailPlanning", failures).With("Stages:Planning:Backoff", "00:00:00.010");

    private static (string?, string?) FailureOf(RunLines lines)
    {
        var failure = lines.Result.GetProperty("failure");
        failure.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        return (failure.GetProperty("stage").GetString(), failure.GetProperty("code").GetString());
    }
}
