using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Stages;

/// <summary>
/// Pushes the approved commit and opens the pull request. Each effect: journal the intent, probe whether it is there already, act,
/// journal the result. A crash anywhere in between is made good by the probe of the next attempt.
/// </summary>
internal sealed class PullRequestWork(StageDesk desk, IForge forge, EngineOptions options, TimeProvider time) : IStageWork
{
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        var code = run.Job.Code ?? throw new StageException(FaultKind.Permanent, "no_commit", "The job has no commit to push");
        if (run.Job.State == JobState.Cancelled)
        {
            return await CloseAsync(run, Draft(run.Job, code.Change, body: ""), cancellationToken);
        }

        var plan = await desk.PlanAsync(run.Job, cancellationToken);
        var draft = Draft(run.Job, code.Change, PullRequestText.Body(run.Job, code.Change, plan)) with
        {
            Labels = await desk.LabelsAsync(run.Job, code.Change, cancellationToken),
        };

        await IntendAsync(run, Effects.Push, draft.Branch, cancellationToken);
        if (await forge.FindBranchAsync(draft, cancellationToken) != code.Change.CommitSha)
        {
            run.Progress.Report($"pushing {draft.Branch}");

            // No lease is asked for: whoever still pushes late pushes the same commit, or is refused by its branch's expected value.
            await forge.PushAsync(draft, desk.BundleOf(run.Job, code)!, cancellationToken);
        }

        await DoneAsync(run, Effects.Push, code.Change.CommitSha, cancellationToken);

        if (forge.KeepsEvidence(draft))
        {
            await ReportEvidenceAsync(run, draft, cancellationToken);
        }

        var pullRequest = await OpenAsync(run, draft, cancellationToken);
        if (await forge.AnnotateAsync(draft, pullRequest, cancellationToken) is { } shortcoming)
        {
            run.Progress.Report(shortcoming);
        }

        var completes = options.CompleteOn == EngineOptions.CompletedByOpening || !forge.Watches(draft);
        return new StageOutcome(
            new JobCommand.RecordPullRequest(run.Attempt.Id, pullRequest, completes) { At = time.Now() }, []);
    }

    private async Task ReportEvidenceAsync(StageRun run, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var evidence = new ReviewEvidence(
            draft.Change.TreeSha, run.Job.Review?.Summary ?? "", await desk.ChecksAsync(run.Job, cancellationToken));
        await IntendAsync(run, Effects.Evidence, draft.Change.CommitSha, cancellationToken);
        await forge.ReadyAsync(draft, cancellationToken);
        var outcome = "";
        await run.Commands.ActAsync(
            options.EffectTimeout, async token => outcome = await forge.ReportEvidenceAsync(draft, evidence, token), cancellationToken);
        await DoneAsync(run, Effects.Evidence, outcome, cancellationToken);
    }

    private async Task<PullRequestRef> OpenAsync(StageRun run, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        await IntendAsync(run, Effects.PullRequest, draft.Branch, cancellationToken);
        var pullRequest = await forge.FindPullRequestAsync(draft, cancellationToken);
        if (pullRequest is null)
        {
            run.Progress.Report($"opening a pull request into {draft.BaseBranch}");
            await forge.ReadyAsync(draft, cancellationToken);

            // The probe may have taken its time, and the job may be cancelled since: the intent is asked for once more, right before it is
            // carried out, so that whoever closes what a cancelled job opened need not look for it later than an effect can last.
            await IntendAsync(run, Effects.PullRequest, draft.Branch, cancellationToken);
            await run.Commands.ActAsync(
                options.EffectTimeout, async token => pullRequest = await forge.OpenPullRequestAsync(draft, token), cancellationToken);
        }

        return pullRequest!;
    }

    /// <summary>A cancelled job closes what it opened. The branch stays: what was done is not thrown away.</summary>
    private async Task<StageOutcome> CloseAsync(StageRun run, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var pullRequest = await forge.FindPullRequestAsync(draft, cancellationToken);
        if (pullRequest is not null)
        {
            run.Progress.Report($"closing pull request {pullRequest.Number}");
            await forge.ReadyAsync(draft, cancellationToken);
            await run.Commands.ActAsync(options.EffectTimeout, CloseIfOwnAsync, cancellationToken);
        }

        var outcome = pullRequest?.Url ?? "there was none";
        return new StageOutcome(new JobCommand.CompleteEffect(run.Attempt.Id, Effects.ClosePullRequest, outcome) { At = time.Now() }, []);

        // A retry may have made it its own while this one waited for its turn.
        async Task CloseIfOwnAsync(CancellationToken token)
        {
            if (await forge.FindPullRequestAsync(draft, token) is { } own && own.Number == pullRequest!.Number)
            {
                await forge.ClosePullRequestAsync(draft, own, token);
            }
        }
    }

    private static PullRequestDraft Draft(Job job, CommittedChange change, string body) => new(
        job.Id,
        job.Submission.Tenant,
        job.Submission.Repository,
        job.Submission.BaseBranch,
        job.Submission.Branch,
        change,
        job.Submission.Title,
        body,
        job.Submission.Url);

    private Task IntendAsync(StageRun run, string effect, string target, CancellationToken cancellationToken) =>
        run.Commands.SettleAsync(new JobCommand.IntendEffect(run.Attempt.Id, effect, target) { At = time.Now() }, cancellationToken);

    private Task DoneAsync(StageRun run, string effect, string outcome, CancellationToken cancellationToken) =>
        run.Commands.SendAsync(new JobCommand.CompleteEffect(run.Attempt.Id, effect, outcome) { At = time.Now() }, cancellationToken);
}
