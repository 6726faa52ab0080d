using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Stages;

namespace AiCd.Benchmarks;

/// <summary>
/// A zero-delay agent and no forge: every stage answers at once with results of ordinary size, so that what is measured is the engine.
/// </summary>
/// <param name="stopBefore">This stage never answers: jobs stay there.</param>
internal sealed class ImmediateWork(TimeSpan delay = default, Stage? stopBefore = null) : IStageWork
{
    private const string Plan = """
        {"summary":"Guard the parser against empty input","steps":["Add a test for empty input","Return early","Update the docs"],
        "files":["src/Parser.cs","tests/ParserTests.cs"],"risks":["Callers may rely on the exception"],"testStrategy":"Unit tests for empty, blank and valid input"}
        """;

    private const string Diff = """
        diff --git a/src/Parser.cs b/src/Parser.cs
        index 3b18e51..a5c1966 100644
        --- a/src/Parser.cs
        +++ b/src/Parser.cs
        @@ -10,6 +10,10 @@ public static class Parser
             public static Document Parse(string text)
             {
        +        if (text.Length == 0)
        +        {
        +            return Document.Empty;
        +        }
                 var reader = new Reader(text);
        """;

    private const string Review = """{"verdict":"APPROVE","summary":"Small, tested, and does what the issue asks","comments":[]}""";

    private static readonly CommittedChange Change = new(
        "8c1f2d3e4a5b60718293a4b5c6d7e8f901234567", "0123456789abcdef0123456789abcdef01234567", "fedcba9876543210fedcba9876543210fedcba98",
        "Return an empty document for empty input", 2, 18, 1);

    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, cancellationToken);
        }

        if (run.Stage == stopBefore)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        var at = run.Attempt.StartedAt;
        var id = run.Attempt.Id;
        return run.Stage switch
        {
            Stage.Planning => Outcome(ArtifactKinds.Plan, Plan, "application/json",
                artifacts => new JobCommand.CompletePlanning(id, "Guard the parser against empty input", artifacts) { At = at }),
            Stage.Coding => Outcome(ArtifactKinds.Diff, Diff, "text/x-diff",
                artifacts => new JobCommand.CompleteCoding(id, "The parser returns early", Change, artifacts) { At = at }),
            Stage.Reviewing => Outcome(ArtifactKinds.Review, Review, "application/json",
                artifacts => new JobCommand.ApproveReview(id, Change.TreeSha, "Small and tested", artifacts) { At = at }),
            _ => new StageOutcome(
                new JobCommand.RecordPullRequest(
                    id, new PullRequestRef(1, "https://forge.example/pulls/1", run.Job.Submission.Branch, Change.CommitSha), CompletesJob: true)
                { At = at },
                []),
        };
    }

    private static StageOutcome Outcome(string kind, string text, string mediaType, Func<IReadOnlyList<ArtifactRef>, JobCommand> command)
    {
        var artifact = NewArtifact.Text(kind, text, mediaType);
        return new StageOutcome(command([artifact.Ref]), artifact.Content is { } content ? [content] : []);
    }
}
