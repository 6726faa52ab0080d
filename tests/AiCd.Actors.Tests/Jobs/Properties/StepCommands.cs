using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>Makes commands of steps: mostly such that the job could accept, some that it must refuse.</summary>
internal sealed class StepCommands
{
    private static readonly string[] Kinds = [Effects.Push, Effects.PullRequest, "comment", Effects.ClosePullRequest];

    private readonly List<string> _attempts = [];
    private int _trees;
    private int _calls;

    public JobCommand Of(Job? job, Step step, DateTimeOffset at)
    {
        var attempt = Attempt(job, step);
        return step.Kind switch
        {
            StepKind.Proceed => Proceed(job, step.Variant, at),
            StepKind.Submit => Submit(step.Variant) with { At = at },
            StepKind.Start => Start(job, step, at),
            StepKind.CompletePlanning => Do.PlanDone(attempt, Hash(step.Variant)) with { At = at },
            StepKind.ApprovePlan => Do.ApprovePlan(Hash(step.Variant)) with { At = at },
            StepKind.TurnDownPlan => Do.TurnDown() with { At = at },
            StepKind.CompleteCoding => Do.CodeDone(attempt, $"tree-{++_trees}") with { At = at },
            StepKind.ApproveReview => Do.Approve(attempt, step.Variant < 3 ? "tree-0" : Tree(job)) with { At = at },
            StepKind.RejectReview => Do.Reject(attempt) with { At = at },
            StepKind.IntendEffect => Do.Intend(attempt, Kinds[step.Variant % 3]) with { At = at },
            StepKind.CompleteEffect => Do.EffectDone(attempt, Kinds[step.Variant % 4]) with { At = at },
            StepKind.RecordPullRequest => Do.PullRequestOpened(attempt, step.Variant % 2 == 0, step.Variant) with { At = at },
            StepKind.Complete => Do.Complete() with { At = at },
            StepKind.Fail => Do.Fail(attempt, retry: step.Variant != 0) with { At = at },
            StepKind.Interrupt => Do.Interrupt(attempt, counted: step.Variant > 1) with { At = at },
            StepKind.AddFeedback => Do.Say($"Number {step.Variant}") with { At = at },
            StepKind.ChangePriority => Do.Prioritize(step.Variant) with { At = at },
            StepKind.EditIssue => Do.EditIssue(sha: $"text-{step.Variant % 3}") with { At = at },
            StepKind.SettleUsage => new JobCommand.SettleUsage($"call-{++_calls}", Stage.Coding, "model", new Usage(step.Variant, 1, 0, 0, 2)) { At = at },
            StepKind.RecordTurn => Do.Turn(attempt, step.Variant % 2 == 0 ? $"call-{++_calls}" : null) with { At = at },
            StepKind.HoldForBudget => Do.Hold(attempt) with { At = at },
            StepKind.RaiseBudget => Do.Raise() with { At = at },
            StepKind.Cancel => Do.Cancel() with { At = at },
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private static JobCommand.Submit Submit(int variant) =>
        Do.Submit(approval: variant % 3 == 0, notBefore: variant % 2 == 0 ? Do.T0.AddHours(1) : null);

    private static string Hash(int variant) => variant % 4 == 0 ? "feed" : Do.PlanHash;

    private static string Tree(Job? job) => job?.Code?.Change.TreeSha ?? "tree-0";

    private JobCommand Proceed(Job? job, int variant, DateTimeOffset at)
    {
        var running = job?.Entry.Running?.Id;
        return job switch
        {
            null => Submit(_trees) with { At = at },
            { State: JobState.Cancelled } => running is null ? New(Stage.PrOpen, null, at) : Do.EffectDone(running, Effects.ClosePullRequest) with { At = at },
            { ProposedPlan: { } plan } => Do.ApprovePlan(plan.Artifacts.Single(artifact => artifact.Kind == ArtifactKinds.Plan).Sha256) with { At = at },
            { BudgetHold: not null } => Do.Raise() with { At = at },
            { PullRequest: not null } => Do.Complete() with { At = at },
            _ when running is null => New(OwedWork.StageOf(job) ?? Stage.Coding, null, at),
            { State: JobState.Planning } => Do.PlanDone(running) with { At = at },
            { State: JobState.Coding } => Do.CodeDone(running, $"tree-{++_trees}") with { At = at },
            { State: JobState.Reviewing } when variant < 4 => Do.Reject(running) with { At = at },
            { State: JobState.Reviewing } => Do.Approve(running, Tree(job)) with { At = at },
            { Effects.Count: 0 } => Do.Intend(running) with { At = at },
            _ when job.Effects.FirstOrDefault(effect => effect.Outcome is null) is { } open => Do.EffectDone(running, open.Kind) with { At = at },
            _ => Do.PullRequestOpened(running) with { At = at },
        };
    }

    private JobCommand.StartAttempt Start(Job? job, Step step, DateTimeOffset at)
    {
        var stage = step.Variant < 4 ? (Stage)step.Variant : OwedWork.StageOf(job?.State ?? JobState.Queued) ?? Stage.PrOpen;
        return New(stage, step.Variant % 2 == 0 ? null : Attempt(job, step), at);
    }

    private JobCommand.StartAttempt New(Stage stage, string? gone, DateTimeOffset at)
    {
        _attempts.Add($"attempt-{_attempts.Count + 1}");
        return Do.Start(stage, _attempts[^1], gone) with { At = at };
    }

    private string Attempt(Job? job, Step step)
    {
        var running = job?.Entry.Running?.Id;
        var old = _attempts.Where(id => id != running).ToList();
        return step.Attempt switch
        {
            AttemptChoice.Running when running is not null => running,
            AttemptChoice.Old when old.Count > 0 => old[^(1 + (step.Variant % old.Count))],
            _ => "nobody",
        };
    }
}
