using AiCd.Actors.Jobs.Payloads;
using static AiCd.Actors.Jobs.JobTransition;

namespace AiCd.Actors.Jobs;

/// <summary>
/// Decides what a command does to a job. Pure: the same job and command always give the same decision. Evolving the job by the
/// accepted events never fails.
/// </summary>
public static class JobDecider
{
    /// <param name="job">Null where no job of this id exists yet.</param>
    public static Decision Decide(Job? job, JobCommand command) => job switch
    {
        not null when command.Act is { } act && job.Acts.Contains(act) => Refuse(RefusalCodes.AlreadyDone, $"The job has answered {act}", job.State),
        not null when command.IfSeq is { } seen && job.Seq != seen =>
            Refuse(RefusalCodes.Changed, $"The job has moved on from event {seen} to {job.Seq}", job.State),
        _ => Decided(job, command),
    };

    private static Decision Decided(Job? job, JobCommand command) => (job, command) switch
    {
        (null, JobCommand.Submit submit) => Submitted(submit),
        (null, _) => Refuse(RefusalCodes.NotFound, "There is no such job", null),
        (not null, JobCommand.Submit) => Refuse(RefusalCodes.AlreadyDone, $"Job {job.Id} exists already", job.State),
        (not null, JobCommand.StartAttempt start) => Start(job, start),
        (not null, JobCommand.CompletePlanning done) => PlanningDone(job, done),
        (not null, JobCommand.ApprovePlan approve) => PlanApproved(job, approve),
        (not null, JobCommand.TurnDownPlan turnDown) => PlanTurnedDown(job, turnDown),
        (not null, JobCommand.CompleteCoding done) => Result(job, done, CodeSucceeded, done.AttemptId,
            new JobEvent.CodeSucceeded(done.AttemptId, done.Summary, done.Change, done.Artifacts)),
        (not null, JobCommand.ApproveReview approve) => ReviewApproved(job, approve),
        (not null, JobCommand.RejectReview reject) => ReviewRejected(job, reject),
        (not null, JobCommand.IntendEffect intend) => EffectIntended(job, intend),
        (not null, JobCommand.CompleteEffect done) => EffectDone(job, done),
        (not null, JobCommand.RecordPullRequest record) => PullRequestOpened(job, record),
        (not null, JobCommand.Complete complete) => Completed(job, complete),
        (not null, JobCommand.FailAttempt fail) => AttemptFailed(job, fail),
        (not null, JobCommand.InterruptAttempt interrupt) => AttemptInterrupted(job, interrupt),
        (not null, JobCommand.AddFeedback add) => FeedbackAdded(job, add),
        (not null, JobCommand.ChangePriority change) => PriorityChanged(job, change),
        (not null, JobCommand.EditIssue edit) => IssueEdited(job, edit),
        (not null, JobCommand.SettleUsage settle) => UsageSettled(job, settle),
        (not null, JobCommand.RecordTurn record) => TurnRecorded(job, record),
        (not null, JobCommand.HoldForBudget hold) => BudgetExhausted(job, hold),
        (not null, JobCommand.RaiseBudget raise) => BudgetRaised(job, raise),
        (not null, JobCommand.Cancel cancel) => Result(job, cancel, MarkCancelled, job.Entry.Running?.Id,
            new JobEvent.MarkCancelled(cancel.Reason, cancel.By)),
        _ => throw new InvalidOperationException($"No rule for the command {command.GetType().Name}"),
    };

    private static Decision Submitted(JobCommand.Submit submit)
    {
        var inherited = submit.Inherited ?? [];
        return Inheritance.IsSound(inherited) && (submit.Submission.Parent?.Inherited ?? 0) == inherited.Count
            ? Accept(submit, [new JobEvent.Submitted(submit.Submission), .. inherited])
            : Refuse(RefusalCodes.InvalidEvent, "What the job is to inherit is no history that a job can have", null);
    }

    private static Decision Start(Job job, JobCommand.StartAttempt start)
    {
        if (OwedWork.Of(job) is not { } owed || owed.Stage != start.Stage)
        {
            return RefuseTransition(job, StartOf(start.Stage), "the job waits for something else than this stage");
        }

        var events = new List<JobEvent>(2);
        var interrupted = job.Entry.Interrupted;
        if (owed.Running is { } running)
        {
            if (running.Id != start.GoneAttemptId)
            {
                return Refuse(RefusalCodes.StaleAttempt, $"Attempt {running.Id} of stage {WireNames.Of(owed.Stage)} is still running", job.State);
            }

            events.Add(new JobEvent.AttemptInterrupted(owed.Stage, running.Id, "The node that ran it is gone", Counted: true));
            interrupted++;
        }

        if (interrupted > start.MaxInterruptions)
        {
            events.Add(FailureEvent(job, new JobFailure(owed.Stage, FailureCodes.InterruptedTooOften,
                $"{interrupted} attempts were cut short by a lost node; {start.MaxInterruptions} are allowed")));
            return Accept(start, events);
        }

        events.Add((start.Stage, job.Entry.Started > 0) switch
        {
            (Stage.Planning, false) => new JobEvent.StartPlanning(start.AttemptId, start.Incarnation),
            (Stage.Coding, false) => new JobEvent.StartCoding(start.AttemptId, start.Incarnation),
            (Stage.Reviewing, false) => new JobEvent.StartReviewing(start.AttemptId, start.Incarnation),
            _ => new JobEvent.AttemptStarted(start.Stage, start.AttemptId, start.Incarnation),
        });
        return Accept(start, events);
    }

    private static Decision PlanningDone(Job job, JobCommand.CompletePlanning done) =>
        Result(job, done, PlanSucceeded, done.AttemptId, job.Submission.RequirePlanApproval
            ? new JobEvent.PlanProposed(done.AttemptId, done.Summary, done.Artifacts, done.BaseSha)
            : new JobEvent.PlanSucceeded(done.AttemptId, done.Summary, done.Artifacts, null, done.BaseSha));

    private static Decision PlanApproved(Job job, JobCommand.ApprovePlan approve)
    {
        if (job.ProposedPlan is not { } plan)
        {
            return RefuseTransition(job, PlanSucceeded, "no plan waits for approval");
        }

        var issue = job.Submission.Body.Sha256;
        var stale = !plan.Artifacts.Any(artifact => artifact.Kind == ArtifactKinds.Plan && artifact.Sha256 == approve.PlanSha256) ? "plan"
            : approve.BaseSha is not null && approve.BaseSha != plan.BaseSha ? "base commit"
            : approve.IssueSha256 is not null && approve.IssueSha256 != issue ? "text of the issue"
            : null;
        return stale is null
            ? Accept(approve, new JobEvent.PlanSucceeded(null, plan.Summary, plan.Artifacts, approve.By ?? "operator", plan.BaseSha, issue))
            : Refuse(RefusalCodes.StalePlan, $"The approval names another {stale} than the one that is proposed now", job.State);
    }

    private static Decision PlanTurnedDown(Job job, JobCommand.TurnDownPlan turnDown) => job.ProposedPlan is null
        ? RefuseTransition(job, PlanFailed, "no plan waits for approval")
        : Accept(turnDown, new JobEvent.PlanTurnedDown(turnDown.Feedback, turnDown.By));

    private static Decision ReviewApproved(Job job, JobCommand.ApproveReview approve)
    {
        var decision = Result(job, approve, JobTransition.ReviewApproved, approve.AttemptId,
            new JobEvent.ReviewApproved(approve.AttemptId, approve.TreeSha, approve.Summary, approve.Artifacts));
        return decision is Decision.Accepted && approve.TreeSha != job.Code?.Change.TreeSha
            ? Refuse(RefusalCodes.NoEvidence, $"The approval is for tree {approve.TreeSha}, the job's commit has {job.Code?.Change.TreeSha}", job.State)
            : decision;
    }

    private static Decision ReviewRejected(Job job, JobCommand.RejectReview reject)
    {
        var round = job.RejectedRounds + 1;
        if (round - job.InheritedRounds < reject.MaxReviewRounds)
        {
            return Result(job, reject, JobTransition.ReviewRejected, reject.AttemptId,
                new JobEvent.ReviewRejected(reject.AttemptId, round, reject.Summary, reject.Artifacts));
        }

        var failure = new JobFailure(Stage.Reviewing, FailureCodes.ReviewRoundsExhausted,
            $"Review round {round} of {reject.MaxReviewRounds} was rejected too: {reject.Summary}");
        return Result(job, reject, ReviewFailed, reject.AttemptId, new JobEvent.ReviewFailed(failure, reject.Artifacts));
    }

    private static Decision EffectIntended(Job job, JobCommand.IntendEffect intend)
    {
        if (job.Review?.TreeSha is not { } approved || approved != job.Code?.Change.TreeSha)
        {
            return Refuse(RefusalCodes.NoEvidence, "Nothing leaves before its tree was approved", job.State);
        }

        var decision = Result(job, intend, PrOpened, intend.AttemptId, new JobEvent.EffectIntended(intend.AttemptId, intend.Effect, intend.Target));
        return decision is Decision.Accepted && job.Effects.Any(effect => effect.Kind == intend.Effect)
            ? Refuse(RefusalCodes.AlreadyDone, $"The intent to {intend.Effect} is on record", job.State)
            : decision;
    }

    /// <summary>Whether it was done is asked last here too: only the running attempt may take that for leave to go on.</summary>
    private static Decision EffectDone(Job job, JobCommand.CompleteEffect done)
    {
        if (CleanUp.IsOwed(job) && done.Effect == Effects.ClosePullRequest)
        {
            return (Decision?)StaleAttempt(job, done.AttemptId) ?? Accept(done, new JobEvent.EffectDone(done.AttemptId, done.Effect, done.Outcome));
        }

        var decision = Result(job, done, PrOpened, done.AttemptId, new JobEvent.EffectDone(done.AttemptId, done.Effect, done.Outcome));
        return decision is Decision.Refused || job.Effects.Any(effect => effect.Kind == done.Effect && effect.Outcome is null)
            ? decision
            : Refuse(RefusalCodes.AlreadyDone, $"There is no open intent to {done.Effect}", job.State);
    }

    private static Decision PullRequestOpened(Job job, JobCommand.RecordPullRequest record)
    {
        if (job.PullRequest is { } open)
        {
            return Refuse(RefusalCodes.AlreadyDone, $"Pull request {open.Number} is on record", job.State);
        }

        var opened = new JobEvent.PrOpened(record.AttemptId, record.PullRequest);
        return record.CompletesJob
            ? Result(job, record, PrOpened, record.AttemptId, opened, new JobEvent.MarkCompleted())
            : Result(job, record, PrOpened, record.AttemptId, opened);
    }

    private static Decision Completed(Job job, JobCommand.Complete complete) => job.PullRequest is null
        ? RefuseTransition(job, MarkCompleted, "no pull request is on record")
        : Result(job, complete, MarkCompleted, null, new JobEvent.MarkCompleted());

    private static Decision AttemptFailed(Job job, JobCommand.FailAttempt fail)
    {
        if (StaleAttempt(job, fail.AttemptId) is { } refused)
        {
            return refused;
        }

        var stage = OwedWork.StageOf(job)!.Value;
        var attempt = job.Entry.Failed + 1;
        if (fail.RetryAt is not null && attempt < fail.MaxAttempts)
        {
            return Accept(fail, new JobEvent.AttemptFailed(stage, fail.AttemptId, attempt, fail.Code, fail.Message, fail.RetryAt, fail.Artifacts));
        }

        var message = fail.RetryAt is null ? fail.Message : $"Attempt {attempt} of {fail.MaxAttempts} failed too: {fail.Message}";
        return Accept(fail,
            new JobEvent.AttemptFailed(stage, fail.AttemptId, attempt, fail.Code, fail.Message, null, fail.Artifacts),
            FailureEvent(job, new JobFailure(stage, fail.Code, message)));
    }

    private static Decision AttemptInterrupted(Job job, JobCommand.InterruptAttempt interrupt) =>
        (Decision?)StaleAttempt(job, interrupt.AttemptId) ?? Accept(interrupt, new JobEvent.AttemptInterrupted(
            OwedWork.StageOf(job)!.Value, interrupt.AttemptId, interrupt.Reason, interrupt.Counted, interrupt.RetryAt));

    /// <summary>Once the pull request is open, no attempt of this job comes that would hear of it.</summary>
    private static Decision FeedbackAdded(Job job, JobCommand.AddFeedback add) => job is { State: JobState.PrOpen, PullRequest: { } open }
        ? Refuse(RefusalCodes.InvalidEvent,
            $"Nobody works on job {job.Id} any more: its pull request {open.Number} is open. Review the pull request, or fork the job", job.State)
        : Alive(job, add, new JobEvent.FeedbackAdded(add.Text, add.By));

    private static Decision PriorityChanged(Job job, JobCommand.ChangePriority change) => job.Priority == change.Priority
        ? Refuse(RefusalCodes.AlreadyDone, $"The priority is {change.Priority} already", job.State)
        : Alive(job, change, new JobEvent.PriorityChanged(change.Priority, change.By));

    private static Decision IssueEdited(Job job, JobCommand.EditIssue edit) =>
        job.Submission.Body.Sha256 == edit.Body.Sha256 && job.Submission.Title == edit.Title
            ? Refuse(RefusalCodes.AlreadyDone, "The issue reads so already", job.State)
            : Alive(job, edit, new JobEvent.IssueEdited(edit.Title, edit.Body, edit.By));

    private static Decision UsageSettled(Job job, JobCommand.SettleUsage settle) => job.LastCalls.Contains(settle.CallId)
        ? Refuse(RefusalCodes.AlreadyDone, $"The call {settle.CallId} is settled", job.State)
        : Accept(settle, new JobEvent.UsageSettled(settle.CallId, settle.Stage, settle.Model, settle.Usage));

    private static Decision TurnRecorded(Job job, JobCommand.RecordTurn record)
    {
        if ((Decision?)StaleAttempt(job, record.AttemptId) is { } refused)
        {
            return refused;
        }

        var turn = new JobEvent.TurnRecorded(
            OwedWork.StageOf(job)!.Value, record.AttemptId, job.Entry.Turns.Count + 1, record.Kind, record.Turn, record.Prompt);
        return record.Usage is { } usage && UsageSettled(job, usage) is Decision.Accepted { Events: var settled }
            ? Alive(job, record, [.. settled, turn])
            : Alive(job, record, turn);
    }

    private static Decision BudgetExhausted(Job job, JobCommand.HoldForBudget hold) =>
        (Decision?)StaleAttempt(job, hold.AttemptId) ?? Alive(job, hold, new JobEvent.BudgetExhausted(
            OwedWork.StageOf(job)!.Value, hold.AttemptId, hold.Reason));

    private static Decision BudgetRaised(Job job, JobCommand.RaiseBudget raise) => job.BudgetHold is null
        ? Refuse(RefusalCodes.AlreadyDone, "The job does not wait for its budget", job.State)
        : Alive(job, raise, new JobEvent.BudgetRaised(raise.By));

    /// <summary>A result counts only in the state that awaits it and only from the attempt that is running.</summary>
    private static Decision Result(Job job, JobCommand command, JobTransition transition, string? attemptId, params JobEvent[] events)
    {
        if (!JobTransitions.IsValidTransition(job.State, transition))
        {
            return RefuseTransition(job, transition);
        }

        return attemptId is not null && StaleAttempt(job, attemptId) is { } refused ? refused : Accept(command, events);
    }

    private static Decision Alive(Job job, JobCommand command, params IReadOnlyList<JobEvent> added) => job.State.IsTerminal()
        ? Refuse(RefusalCodes.InvalidEvent, $"Job {job.Id} has ended in {WireNames.Of(job.State)}", job.State)
        : Accept(command, added);

    private static Decision.Refused? StaleAttempt(Job job, string attemptId) => job.Entry.Running is { } running && running.Id == attemptId
        ? null
        : Refuse(RefusalCodes.StaleAttempt,
            $"Attempt {attemptId} is not the running one ({job.Entry.Running?.Id ?? "none"}) in state {WireNames.Of(job.State)}", job.State);

    /// <summary>Ends the stage. Cleaning up changes no state any more: its failure is only put on record.</summary>
    private static JobEvent FailureEvent(Job job, JobFailure failure) => failure.Stage switch
    {
        _ when CleanUp.IsOwed(job) => new JobEvent.EffectDone(job.Entry.Running?.Id ?? "none", Effects.ClosePullRequest, $"given up: {failure.Message}"),
        Stage.Planning => new JobEvent.PlanFailed(failure),
        Stage.Coding => new JobEvent.CodeFailed(failure),
        Stage.Reviewing => new JobEvent.ReviewFailed(failure, []),
        Stage.PrOpen => new JobEvent.PrFailed(failure),
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    private static JobTransition StartOf(Stage stage) => stage switch
    {
        Stage.Planning => StartPlanning,
        Stage.Coding => StartCoding,
        Stage.Reviewing => StartReviewing,
        Stage.PrOpen => PrOpened,
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    private static Decision.Accepted Accept(JobCommand command, params IReadOnlyList<JobEvent> events) =>
        new([.. events.Select(e => e with { At = command.At, Act = command.Act })]);

    private static Decision.Refused Refuse(string code, string message, JobState? state) => new(new Refusal(code, message, state));

    /// <param name="unmet">What is missing where the table alone would allow the transition.</param>
    private static Decision.Refused RefuseTransition(Job job, JobTransition transition, string? unmet = null)
    {
        var message = JobStateException.MessageFor(job.State, transition);
        var inTable = JobTransitions.IsValidTransition(job.State, transition);
        return Refuse(RefusalCodes.InvalidEvent, inTable && unmet is not null ? $"{message}: {unmet}" : message, job.State);
    }
}
