using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Micro;

/// <summary>A job that goes straight to its pull request, with payloads of ordinary size.</summary>
internal static class SampleHistory
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CommittedChange Change = new(
        "8c1f2d3e4a5b60718293a4b5c6d7e8f901234567", "0123456789abcdef0123456789abcdef01234567", "fedcba9876543210fedcba9876543210fedcba98",
        "Return an empty document for empty input", 2, 18, 1);

    public static JobId Id { get; } = JobId.Create(At, 7, 42);

    public static IReadOnlyList<JobEvent> Events()
    {
        var branch = BranchNames.For(Id, "Parser fails on empty input");
        var submission = new Submission(
            "default", "/srv/repositories/parser", "main", branch, "Parser fails on empty input", Text(ArtifactKinds.Issue, "`Parser.Parse(\"\")` throws."), "mock");
        JobEvent[] events =
        [
            new JobEvent.Submitted(submission),
            new JobEvent.StartPlanning("plan-attempt", "node-1"),
            new JobEvent.PlanSucceeded("plan-attempt", "Guard the parser", [Text(ArtifactKinds.Plan, "{\"summary\":\"Guard the parser\"}")]),
            new JobEvent.StartCoding("code-attempt", "node-1"),
            new JobEvent.CodeSucceeded("code-attempt", "The parser returns early", Change, [Text(ArtifactKinds.Diff, "diff --git a/src/Parser.cs b/src/Parser.cs")]),
            new JobEvent.StartReviewing("review-attempt", "node-1"),
            new JobEvent.ReviewApproved("review-attempt", Change.TreeSha, "Small and tested", [Text(ArtifactKinds.Review, "{\"verdict\":\"APPROVE\"}")]),
            new JobEvent.AttemptStarted(Stage.PrOpen, "open-attempt", "node-1"),
            new JobEvent.PrOpened("open-attempt", new PullRequestRef(1, "https://forge.example/pulls/1", branch, Change.CommitSha)),
            new JobEvent.MarkCompleted(),
        ];
        return [.. events.Select(e => e with { At = At })];
    }

    public static JobCommand CodingDone(Job coding) => new JobCommand.CompleteCoding(
        coding.Entry.Running!.Id, "The parser returns early", Change, [Text(ArtifactKinds.Diff, "diff --git a/src/Parser.cs b/src/Parser.cs")])
    {
        At = At,
    };

    private static ArtifactRef Text(string kind, string text) => NewArtifact.Text(kind, text, "text/plain").Ref;
}
