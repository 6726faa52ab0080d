using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Stages;

/// <summary>
/// The repository's own checks run on the exact tree that is reviewed, then the agent reviews it. Failed checks and broken rules are
/// a rejection: no agent needs to be paid to find that out.
/// </summary>
internal sealed class ReviewingWork(StageDesk desk, IChecks checks, EngineOptions options, TimeProvider time) : IStageWork
{
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        var code = run.Job.Code ?? throw new StageException(FaultKind.Permanent, "no_commit", "The job has no commit to review");
        var workspace = await desk.OpenAsync(run, code, cancellationToken);
        try
        {
            var context = await desk.ContextAsync(run, workspace, cancellationToken) with
            {
                Plan = await desk.PlanAsync(run.Job, cancellationToken),
            };
            var evidence = await EvidenceAsync(context, workspace, code, cancellationToken);
            if (!evidence.MayBeApproved)
            {
                return Outcome(run, code, evidence, Rejection(evidence));
            }

            if (evidence.Checks.Count > 0)
            {
                // What the change itself did while it was tested must not be what its reviewer looks at.
                await workspace.DisposeAsync();
                workspace = await desk.OpenAsync(run, code, cancellationToken);
            }

            return Outcome(run, code, evidence, await ReviewAsync(run, workspace, context, code, evidence, cancellationToken));
        }
        finally
        {
            await workspace.DisposeAsync();
        }
    }

    private async Task<ChecksResult> EvidenceAsync(StageContext context, IWorkspace workspace, CodeOutcome code, CancellationToken cancellationToken)
    {
        var evidence = await checks.RunAsync(context, workspace, code.Change, cancellationToken);
        if (evidence.TreeSha != code.Change.TreeSha)
        {
            throw new StageException(FaultKind.Transient, "wrong_tree", $"The checks ran on tree {evidence.TreeSha}, the commit has {code.Change.TreeSha}");
        }

        return evidence;
    }

    private async Task<ReviewResult> ReviewAsync(
        StageRun run, IWorkspace workspace, StageContext context, CodeOutcome code, ChecksResult evidence, CancellationToken cancellationToken)
    {
        var diff = await workspace.DiffAsync(code.Change.CommitSha, cancellationToken);
        return await desk.AgentOf(run.Job).ReviewAsync(
            context with { Worktree = workspace.Path, Subject = new ReviewSubject(code.Change, code.Summary, diff, evidence) }, cancellationToken);
    }

    private static ReviewResult Rejection(ChecksResult evidence)
    {
        var objections = evidence.Objections ?? [];
        var failed = evidence.Required ? evidence.Checks.Where(check => check.ExitCode != 0).ToList() : [];
        var reasons = failed.Select(check => check.Name).ToList();
        var summary = reasons.Count > 0 ? $"Checks failed: {string.Join(", ", reasons)}" : "The change breaks rules of the repository";
        return new ReviewResult(
            ReviewVerdict.Reject,
            objections.Count == 0 ? summary : $"{summary}; {string.Join(", ", objections.Select(objection => objection.Path).OfType<string>().Take(10))}",
            [.. objections, .. failed.Select(check => new ReviewComment(
                null, null, CommentSeverity.Blocker, $"`{check.Command}` ended with exit code {check.ExitCode}:\n\n{check.Log}"))]);
    }

    private StageOutcome Outcome(StageRun run, CodeOutcome code, ChecksResult evidence, ReviewResult review)
    {
        var artifacts = new StageArtifacts(
            NewArtifact.Text(ArtifactKinds.Review, JsonSerializer.Serialize(review, JobJson.Default.ReviewResult), "application/json"),
            evidence.Checks.Count == 0 ? null : NewArtifact.Text(
                ArtifactKinds.Checks, JsonSerializer.Serialize(evidence, JobJson.Default.ChecksResult), "application/json"),
            run.Progress.ToArtifact());
        var summary = Summaries.Of(review.Summary);
        JobCommand command = review.Verdict == ReviewVerdict.Approve
            ? new JobCommand.ApproveReview(run.Attempt.Id, code.Change.TreeSha, summary, artifacts.Refs) { At = time.Now() }
            : new JobCommand.RejectReview(run.Attempt.Id, summary, artifacts.Refs, options.MaxReviewRounds) { At = time.Now() };
        return new StageOutcome(command, artifacts.Contents);
    }
}
