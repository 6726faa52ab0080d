using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Stages;

namespace AiCd.Actors.Tests.Engines;

/// <summary>What stages come to when all is well.</summary>
internal static class Outcomes
{
    public static readonly CommittedChange Change = new("c0ffee", "7ree", "ba5e", "feat: greet", 1, 2, 0);

    public static StageOutcome Success(StageRun run)
    {
        var at = run.Attempt.StartedAt;
        var id = run.Attempt.Id;
        return run switch
        {
            { Stage: Stage.Planning } => With(ArtifactKinds.Plan, artifacts => new JobCommand.CompletePlanning(id, "The plan", artifacts) { At = at }),
            { Stage: Stage.Coding } => With(ArtifactKinds.Diff, artifacts => new JobCommand.CompleteCoding(id, "Greets", Change, artifacts) { At = at }),
            { Stage: Stage.Reviewing } => With(ArtifactKinds.Review, artifacts => new JobCommand.ApproveReview(id, Change.TreeSha, "Good", artifacts) { At = at }),
            { Job.State: JobState.Cancelled } => new StageOutcome(new JobCommand.CompleteEffect(id, Effects.ClosePullRequest, "closed") { At = at }, []),
            _ => new StageOutcome(
                new JobCommand.RecordPullRequest(id, new PullRequestRef(7, "https://forge/7", run.Job.Submission.Branch, Change.CommitSha), CompletesJob: true) { At = at }, []),
        };
    }

    private static StageOutcome With(string kind, Func<IReadOnlyList<ArtifactRef>, JobCommand> command)
    {
        var artifact = NewArtifact.Text(kind, $"The {kind}", "text/plain");
        return new StageOutcome(command([artifact.Ref]), artifact.Content is { } content ? [content] : []);
    }
}
