namespace AiCd.Actors.Jobs;

/// <summary>Applies events. Replay and live use are the same code, so a recovered job equals the one that was lost.</summary>
public static class JobEvolver
{
    /// <summary>More than can be under way at once: an attempt has one call open at a time.</summary>
    private const int MaxLastCalls = 16;

    /// <summary>Rebuilds a job from its history.</summary>
    /// <returns>Null for an empty history.</returns>
    public static Job? Replay(JobId id, IEnumerable<JobEvent> history) =>
        history.Aggregate((Job?)null, (job, e) => Evolve(id, job, e));

    /// <exception cref="JobStateException">The history makes a move that the table does not have.</exception>
    /// <exception cref="InvalidOperationException">The history does not begin with SUBMITTED.</exception>
    public static Job Evolve(JobId id, Job? job, JobEvent e)
    {
        if (job is null)
        {
            return e is JobEvent.Submitted submitted
                ? new Job
                {
                    Id = id,
                    Submission = submitted.Submission,
                    State = JobState.Queued,
                    Seq = 1,
                    Priority = submitted.Submission.Priority,
                    SubmittedAt = e.At,
                    UpdatedAt = e.At,
                }
                : throw new InvalidOperationException($"The history of job {id} begins with {e.GetType().Name}, not with SUBMITTED");
        }

        var next = e.Transition is { } transition ? Move(job, JobTransitions.GetNextState(job.State, transition)) : job;
        var applied = Apply(next, e) with
        {
            Seq = job.Seq + 1,
            UpdatedAt = e.At,
            EndedAt = next.State.IsTerminal() ? job.EndedAt ?? e.At : null,
            Acts = e.Act is { } act && !job.Acts.Contains(act) ? [.. job.Acts, act] : job.Acts,
        };
        return IsInherited(applied) ? applied with { InheritedRounds = applied.RejectedRounds } : applied with { Times = Worked(job, e) };
    }

    private static bool IsInherited(Job job) => job.Submission.Parent is { } parent && job.Seq <= 1 + parent.Inherited;

    /// <summary>An attempt that brings the job forward adds its time to its stage's.</summary>
    private static StageTimes Worked(Job job, JobEvent e) => (e, job.Entry.Running) switch
    {
        (JobEvent.PlanProposed or JobEvent.PlanSucceeded, { } attempt) => job.Times.Plus(Stage.Planning, e.At - attempt.StartedAt),
        (JobEvent.CodeSucceeded, { } attempt) => job.Times.Plus(Stage.Coding, e.At - attempt.StartedAt),
        (JobEvent.ReviewApproved or JobEvent.ReviewRejected, { } attempt) => job.Times.Plus(Stage.Reviewing, e.At - attempt.StartedAt),
        (JobEvent.PrOpened, { } attempt) => job.Times.Plus(Stage.PrOpen, e.At - attempt.StartedAt),
        _ => job.Times,
    };

    /// <summary>Entering another stage begins its attempts anew; QUEUED and PLANNING are one stage.</summary>
    private static Job Move(Job job, JobState to) => to == job.State
        ? job
        : job with { State = to, Entry = StageEntry.Fresh, ProposedPlan = null, BudgetHold = to.IsTerminal() ? null : job.BudgetHold };

    private static Job Apply(Job job, JobEvent e) => e switch
    {
        JobEvent.StartPlanning start => Open(job, start.AttemptId, start.Incarnation, e.At),
        JobEvent.StartCoding start => Open(job, start.AttemptId, start.Incarnation, e.At),
        JobEvent.StartReviewing start => Open(job, start.AttemptId, start.Incarnation, e.At),
        JobEvent.AttemptStarted start => Open(job, start.AttemptId, start.Incarnation, e.At),
        JobEvent.AttemptFailed failed => job with { Entry = job.Entry with { Failed = job.Entry.Failed + 1, Running = null, RetryAt = failed.RetryAt } },
        JobEvent.AttemptInterrupted cut => job with
        {
            Entry = job.Entry with { Interrupted = job.Entry.Interrupted + (cut.Counted ? 1 : 0), Running = null, RetryAt = cut.RetryAt },
        },

        JobEvent.PlanProposed plan => job with
        {
            ProposedPlan = new(plan.Summary, plan.Artifacts, plan.BaseSha),
            ProposedAt = e.At,
            Entry = job.Entry with { Running = null },
        },

        JobEvent.PlanTurnedDown no => Heard(job, new Feedback(0, no.Feedback, no.By, null)) with { ProposedPlan = null },
        JobEvent.PlanSucceeded plan => job with { Plan = new(plan.Summary, plan.Artifacts, plan.BaseSha, plan.IssueSha256) },
        JobEvent.CodeSucceeded code => job with { Code = new(code.Summary, code.Change, code.Artifacts), Review = null },
        JobEvent.ReviewApproved review => job with { Review = new(review.Summary, review.TreeSha, review.Artifacts) },
        JobEvent.ReviewRejected review => Heard(job, new Feedback(review.Round, review.Summary, null,
            review.Artifacts.FirstOrDefault(artifact => artifact.Kind == Payloads.ArtifactKinds.Review))) with
        { RejectedRounds = review.Round },
        JobEvent.PriorityChanged change => job with { Priority = change.Priority },
        JobEvent.IssueEdited edit => job with { Submission = job.Submission with { Title = edit.Title, Body = edit.Body }, ProposedPlan = null },
        JobEvent.FeedbackAdded feedback => Heard(job, new Feedback(0, feedback.Text, feedback.By, null)),

        JobEvent.EffectIntended intent => job with { Effects = [.. job.Effects, new Effect(intent.Effect, intent.Target, null)] },
        JobEvent.EffectDone { Effect: Effects.ClosePullRequest } closed => job with
        {
            Effects = [.. job.Effects, new Effect(closed.Effect, job.Submission.Branch, closed.Outcome)],
            Entry = StageEntry.Fresh,
        },
        JobEvent.EffectDone done => job with { Effects = [.. job.Effects.Select(effect => effect.Kind == done.Effect ? effect with { Outcome = done.Outcome } : effect)] },
        JobEvent.PrOpened opened => job with { PullRequest = opened.PullRequest, Entry = job.Entry with { Running = null, RetryAt = null } },

        JobEvent.PlanFailed failed => job with { Failure = failed.Failure },
        JobEvent.CodeFailed failed => job with { Failure = failed.Failure },
        JobEvent.ReviewFailed failed => job with { Failure = failed.Failure },
        JobEvent.PrFailed failed => job with { Failure = failed.Failure },

        JobEvent.UsageSettled settled => job with { Usage = job.Usage + settled.Usage, LastCalls = [.. job.LastCalls.TakeLast(MaxLastCalls - 1), settled.CallId] },
        JobEvent.TurnRecorded turn => job with { Entry = job.Entry with { Turns = [.. job.Entry.Turns, turn.Turn], TurnsOf = turn.AttemptId } },
        JobEvent.BudgetExhausted hold => job with { BudgetHold = hold.Reason, Entry = job.Entry with { Running = null } },
        JobEvent.BudgetRaised => job with { BudgetHold = null },
        JobEvent.MarkCancelled when CleanUp.IsOwed(job) => job with { Entry = job.Entry with { RetryAt = e.At + CleanUp.Delay } },
        JobEvent.MarkCompleted or JobEvent.MarkCancelled => job,
        _ => throw new InvalidOperationException($"{e.GetType().Name} cannot follow in the history of job {job.Id}"),
    };

    private static Job Open(Job job, string attemptId, string incarnation, DateTimeOffset at)
    {
        var attempt = new Attempt(attemptId, job.Entry.Started + 1, incarnation, at);
        return job with { Entry = job.Entry with { Started = attempt.Number, Running = attempt, RetryAt = null } };
    }

    private static Job Heard(Job job, Feedback feedback) => job with { Feedback = [.. job.Feedback, feedback] };
}
