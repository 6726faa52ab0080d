using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Stages;

/// <summary>
/// The agent changes the worktree, and what it left becomes one commit upon the base. A later round goes on from the rejected commit.
/// The commit travels as a bundle, so that any node can go on from it.
/// </summary>
internal sealed class CodingWork(StageDesk desk, TimeProvider time) : IStageWork
{
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        var agent = desk.AgentOf(run.Job);
        await using var workspace = await desk.OpenAsync(run, from: run.Job.Code, cancellationToken, run.Job.Entry.TurnsOf);
        ThrowIfApprovalVoid(run.Job, workspace.BaseSha);
        var context = await desk.ContextAsync(run, workspace, cancellationToken) with
        {
            Plan = await desk.PlanAsync(run.Job, cancellationToken),
            PreviousDiff = run.Job.Code is { } before ? await workspace.DiffAsync(before.Change.CommitSha, cancellationToken) : null,
        };
        var result = await StageDesk.RunAsync(context, workspace, stage => agent.CodeAsync(stage, cancellationToken));
        var commit = await workspace.CommitAsync(result, cancellationToken);
        run.Progress.Report($"committed {commit.Change.CommitSha[..Math.Min(10, commit.Change.CommitSha.Length)]}: "
            + $"{commit.Change.FilesChanged} files, +{commit.Change.Insertions} -{commit.Change.Deletions}");
        var artifacts = new StageArtifacts(
            NewArtifact.Text(ArtifactKinds.Diff, commit.Diff, "text/x-diff"),
            NewArtifact.Bytes(ArtifactKinds.Bundle, commit.Bundle, "application/x-git-bundle"),
            run.Progress.ToArtifact());
        var command = new JobCommand.CompleteCoding(run.Attempt.Id, Summaries.Of(result.Summary), commit.Change, artifacts.Refs) { At = time.Now() };
        return new StageOutcome(command, artifacts.Contents);
    }

    /// <summary>A person approved the plan for one text of the issue and one commit of the base; for others the approval says nothing.</summary>
    private static void ThrowIfApprovalVoid(Job job, string baseSha)
    {
        if (job.Plan is not { IssueSha256: { } issue } plan)
        {
            return;
        }

        var changed = issue != job.Submission.Body.Sha256 ? "the text of the issue"
            : job.Code is null && plan.BaseSha is { } approved && approved != baseSha ? $"the base commit ({approved[..Math.Min(10, approved.Length)]})"
            : null;
        if (changed is not null)
        {
            throw new StageException(
                FaultKind.Permanent, FailureCodes.ApprovalVoid, $"The approval of the plan is void, because {changed} has changed since; a retry plans anew");
        }
    }
}
