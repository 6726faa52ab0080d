using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;

namespace AiCd.Actors.Stages;

/// <summary>What the three agent stages have in common: the agent, the workspace, and what the job knows so far.</summary>
internal sealed class StageDesk(
    IAgents agents, IWorkspaces workspaces, IRepositoryRules rules, ArtifactReader artifacts, IStore store, SpendingRules spending, TimeProvider time)
{
    public IAgent AgentOf(Job job) => agents.Find(job.Submission.Agent) ?? throw new StageException(
        FaultKind.Permanent, "unknown_agent", $"There is no agent '{job.Submission.Agent}' on this node; known are {string.Join(", ", agents.Names)}");

    /// <param name="from">The commit to go on from, or null for the tip of the base branch.</param>
    /// <param name="resume">The attempt whose worktree this one takes over, where this node still has it.</param>
    public Task<IWorkspace> OpenAsync(StageRun run, CodeOutcome? from, CancellationToken cancellationToken, string? resume = null)
    {
        var submission = run.Job.Submission;
        return workspaces.OpenAsync(
            new WorkspaceRequest(
                run.Job.Id, submission.Tenant, submission.Repository, submission.BaseBranch, run.Attempt.Id, from?.Change, BundleOf(run.Job, from))
            {
                Resume = resume,
            },
            cancellationToken);
    }

    public Func<CancellationToken, Task<byte[]>>? BundleOf(Job job, CodeOutcome? code) =>
        code?.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Bundle) is { } bundle
            ? cancellationToken => artifacts.ReadAsync(job.Submission.Tenant, bundle, cancellationToken)
            : null;

    /// <summary>Runs the agent, and leaves the worktree to a later attempt where that may go on from what this one recorded.</summary>
    public static async Task<TResult> RunAsync<TResult>(StageContext context, IWorkspace workspace, Func<StageContext, Task<TResult>> work)
    {
        try
        {
            return await work(context);
        }
        catch when (context.Record is StageRecord { HasTurns: true })
        {
            workspace.Keep();
            throw;
        }
    }

    public async Task<StageContext> ContextAsync(StageRun run, IWorkspace workspace, CancellationToken cancellationToken)
    {
        var job = run.Job;
        var submission = job.Submission;
        var record = new StageRecord(run, await TurnsAsync(run, workspace, cancellationToken), store.Ledger, spending, time);
        await record.ReconcileAsync(cancellationToken);
        var body = await artifacts.ReadTextAsync(submission.Tenant, submission.Body, cancellationToken);
        return new StageContext
        {
            Job = new JobContext(
                job.Id,
                submission.Tenant,
                submission.Repository,
                submission.BaseBranch,
                new Issue(submission.Title, body, submission.Url),
                job.RejectedRounds + 1,
                await FeedbackAsync(job, cancellationToken)),
            Stage = run.Stage,
            AttemptId = run.Attempt.Id,
            AttemptNumber = run.Attempt.Number,
            Worktree = workspace.Path,
            BaseSha = workspace.BaseSha,
            Record = record,
            ReadBaseFileAsync = workspace.ReadBaseFileAsync,
            Progress = run.Progress,
        };
    }

    /// <exception cref="StageException">The job has no plan: its history is not one that this program writes.</exception>
    public async Task<PlanResult> PlanAsync(Job job, CancellationToken cancellationToken)
    {
        var plan = job.Plan?.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Plan)
            ?? throw new StageException(FaultKind.Permanent, "no_plan", "The job has no plan to work from");
        return await artifacts.ReadJsonAsync(job.Submission.Tenant, plan, JobJson.Default.PlanResult, cancellationToken);
    }

    /// <returns>What the repository's own commands said of the approved tree; empty where none are configured.</returns>
    public async Task<IReadOnlyList<CheckRun>> ChecksAsync(Job job, CancellationToken cancellationToken)
    {
        var checks = job.Review?.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Checks);
        return checks is null ? [] : (await artifacts.ReadJsonAsync(job.Submission.Tenant, checks, JobJson.Default.ChecksResult, cancellationToken)).Checks;
    }

    /// <returns>The labels that the repository wants on its pull requests, as the base of the change has them.</returns>
    public async Task<IReadOnlyList<string>> LabelsAsync(Job job, CommittedChange change, CancellationToken cancellationToken)
    {
        var submission = job.Submission;
        var target = new RepositoryTarget(submission.Repository, submission.BaseBranch, change.BaseSha);
        return (await rules.ReadWishesAsync(
            (path, maxBytes, token) => workspaces.ReadBaseFileAsync(submission.Tenant, target, path, maxBytes, token), cancellationToken)).Labels;
    }

    /// <summary>What was recorded while coding tells of a worktree that changed with it; the other stages only read.</summary>
    private async Task<IReadOnlyList<string>> TurnsAsync(StageRun run, IWorkspace workspace, CancellationToken cancellationToken)
    {
        if (run.Stage == Stage.Coding && !workspace.Resumed)
        {
            return [];
        }

        var turns = new List<string>(run.Job.Entry.Turns.Count);
        foreach (var turn in run.Job.Entry.Turns)
        {
            turns.Add(await artifacts.ReadTextAsync(run.Job.Submission.Tenant, turn, cancellationToken));
        }

        return turns;
    }

    private async Task<IReadOnlyList<ReviewFeedback>> FeedbackAsync(Job job, CancellationToken cancellationToken)
    {
        var all = new List<ReviewFeedback>(job.Feedback.Count);
        foreach (var feedback in job.Feedback)
        {
            var comments = feedback.Review is { } review
                ? (await artifacts.ReadJsonAsync(job.Submission.Tenant, review, JobJson.Default.ReviewResult, cancellationToken)).Comments
                : [];
            all.Add(new ReviewFeedback(feedback.Round, feedback.Text, feedback.By, comments));
        }

        return all;
    }
}
