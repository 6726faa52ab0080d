using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Mock;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Mock;

/// <summary>The mock agent in a real repository, with real diffs.</summary>
public sealed class MockRoundsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rejected_change_is_answered_in_the_next_round_and_approved()
    {
        using var repository = await GitRepository.CreateAsync(cancellationToken: Cancelled);
        await repository.CommitFileAsync("guide.md", "# Guide\n\nLine.\n", "docs: add a guide", Cancelled);
        var start = await repository.ResolveAsync("HEAD", Cancelled);
        var agent = MockStage.Agent(new MockAgentOptions { Delay = TimeSpan.Zero, RejectReview = 1 });
        var first = Context(repository, round: 1);
        var plan = await agent.PlanAsync(first, Cancelled);

        var rejection = await ReviewAsync(agent, repository, first with { Plan = plan }, start);
        rejection.Verdict.ShouldBe(ReviewVerdict.Reject);
        var second = Context(repository, round: 2, new ReviewFeedback(1, rejection.Summary, null, rejection.Comments)) with { Plan = plan };
        var approval = await ReviewAsync(agent, repository, second, start);

        approval.Verdict.ShouldBe(ReviewVerdict.Approve);
        (await File.ReadAllTextAsync(Path.Combine(repository.Location, "docs/aicd/say-more.md"), Cancelled)).ShouldContain("## Answer to review round 1");
        (await File.ReadAllTextAsync(Path.Combine(repository.Location, "guide.md"), Cancelled))
            .ShouldBe("# Guide\n\nLine.\n\nPlanned work: [Say more](docs/aicd/say-more.md)\n");
    }

    private static async Task<ReviewResult> ReviewAsync(MockAgent agent, GitRepository repository, StageContext context, string start)
    {
        var code = await agent.CodeAsync(context, Cancelled);
        foreach (var change in code.Changes)
        {
            await repository.WriteFileAsync(change.Path, change.Content!, Cancelled);
        }

        await repository.CommitAsync(code.CommitMessage, Cancelled);
        var diff = await repository.GitAsync(["diff", start, "HEAD"], Cancelled);
        var review = await agent.ReviewAsync(context with { Stage = Stage.Reviewing, Subject = MockStage.Subject(diff) }, Cancelled);

        review.Comments.Select(comment => comment.Path).ShouldBe(["docs/aicd/say-more.md", "guide.md"]);
        foreach (var comment in review.Comments)
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(repository.Location, comment.Path!), Cancelled);
            diff.ShouldContain($"\n+{lines[comment.Line!.Value - 1]}\n");
        }

        return review;
    }

    private static StageContext Context(GitRepository repository, int round, params IReadOnlyList<ReviewFeedback> feedback) => new()
    {
        Job = new JobContext(MockStage.Job, "default", repository.Location, "main", new Issue("Say more", "In `guide.md`:\n- more\n", null), round, feedback),
        Stage = Stage.Coding,
        AttemptId = "attempt-1",
        AttemptNumber = 1,
        Worktree = repository.Location,
        Progress = new RecordingProgress(),
    };
}
