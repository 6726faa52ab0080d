using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Stages;

namespace AiCd.Web.Tests.Support;

/// <summary>Results of a model that wants to run a script in the browser of whoever looks at them.</summary>
internal static class HostileWork
{
    /// <summary>What it would leave behind in the page.</summary>
    public const string Mark = "injected";

    public const string Script = "<script>window.injected=1</script><img src=x onerror=\"window.injected=1\">";

    public const string Markdown = Script + " [click](javascript:window.injected=1) ![i](https://evil.example/x.png) <svg onload=window.injected=1>";

    private const string Log = "\u001b[31mred\u001b[0m " + Script + " \u001b]8;;javascript:window.injected=1\u0007link\u001b]8;;\u0007\n";

    private static readonly string Diff =
        "diff --git \"a/<img src=x onerror=window.injected=1>.cs\" \"b/<img src=x onerror=window.injected=1>.cs\"\n"
        + "--- \"a/<img src=x onerror=window.injected=1>.cs\"\n+++ \"b/<img src=x onerror=window.injected=1>.cs\"\n@@ -1,2 +1,2 @@ " + Script + "\n"
        + " var a = 1;\n-var b = \"old\";\n+var b = \"" + Script.Replace('"', '\'') + "\";\n";

    private static readonly ReviewComment[] Comments =
    [
        new("<img src=x onerror=window.injected=1>.cs", 2, CommentSeverity.Major, Markdown),
        new(null, null, CommentSeverity.Info, Markdown),
    ];

    public static StageOutcome Of(StageRun run, string baseSha)
    {
        run.Progress.Report(Markdown);
        run.Progress.Record("assistant", Markdown);
        run.Progress.Record("tool_result", Log);
        var (id, at) = (run.Attempt.Id, run.Attempt.StartedAt);
        var transcript = NewArtifact.Text(
            ArtifactKinds.Transcript,
            $$"""{"role":"assistant","text":{{JsonSerializer.Serialize(Markdown)}}}""" + "\n" + $$"""{"role":"tool_result","text":{{JsonSerializer.Serialize(Log)}}}""" + "\n",
            "application/jsonl");
        return run.Stage switch
        {
            Stage.Planning => Outcome(
                refs => new JobCommand.CompletePlanning(id, Markdown, refs, baseSha) { At = at },
                transcript,
                Json(ArtifactKinds.Plan, new PlanResult(Markdown, [Markdown], [Script], [Markdown], Markdown))),
            Stage.Coding => Outcome(
                refs => new JobCommand.CompleteCoding(id, Markdown, new CommittedChange("c1", "t1", baseSha, Script, 1, 1, 1), refs) { At = at },
                transcript,
                NewArtifact.Text(ArtifactKinds.Diff, Diff, "text/x-diff")),
            _ => Outcome(
                refs => new JobCommand.ApproveReview(id, "t1", Markdown, refs) { At = at },
                transcript,
                Json(ArtifactKinds.Review, new ReviewResult(ReviewVerdict.Approve, Markdown, Comments)),
                Json(ArtifactKinds.Checks, new ChecksResult("t1", [new CheckRun(Script, Script, 1, TimeSpan.FromSeconds(3), Log)], Required: false))),
        };
    }

    public static StageOutcome Rejection(StageRun run) => Outcome(
        refs => new JobCommand.RejectReview(run.Attempt.Id, "Not yet", refs, MaxReviewRounds: 3) { At = run.Attempt.StartedAt },
        Json(ArtifactKinds.Review, new ReviewResult(ReviewVerdict.Reject, "Not yet", [new("a.txt", 1, CommentSeverity.Blocker, "Say **more** here")])));

    private static NewArtifact Json(string kind, object value) =>
        NewArtifact.Text(kind, JsonSerializer.Serialize(value, value.GetType(), JobJson.Default), "application/json");

    private static StageOutcome Outcome(Func<IReadOnlyList<ArtifactRef>, JobCommand> command, params NewArtifact[] artifacts) =>
        new(command([.. artifacts.Select(artifact => artifact.Ref)]), [.. artifacts.Select(artifact => artifact.Content).OfType<ArtifactContent>()]);
}
