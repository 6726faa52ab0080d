using AiCd.Actors.Jobs;

namespace AiCd.Host.Jobs;

/// <summary>Gathers a job's attempts from its events.</summary>
internal sealed class AttemptLog
{
    private readonly List<AttemptRecord> _attempts = [];

    public IReadOnlyList<AttemptRecord> Attempts => _attempts;

    /// <param name="job">As the event left it.</param>
    public void Add(JobEvent e, Job job)
    {
        switch (e)
        {
            case JobEvent.StartPlanning or JobEvent.StartCoding or JobEvent.StartReviewing or JobEvent.AttemptStarted when job.Entry.Running is { } running:
                _attempts.Add(new AttemptRecord(
                    OwedWork.StageOf(job)!.Value, job.RejectedRounds + 1, running.Number, running.Id, running.StartedAt.UtcDateTime, null, AttemptRecord.Running, null));
                break;
            case JobEvent.PlanSucceeded or JobEvent.PlanProposed or JobEvent.CodeSucceeded or JobEvent.ReviewApproved or JobEvent.PrOpened:
                End(e, "succeeded", null);
                break;
            case JobEvent.EffectDone { Effect: Effects.ClosePullRequest } closed:
                End(e, "succeeded", closed.Outcome);
                break;
            case JobEvent.ReviewRejected rejected:
                End(e, "rejected", rejected.Summary);
                break;
            case JobEvent.ReviewFailed failed:
                End(e, "rejected", failed.Failure.Message);
                break;
            case JobEvent.AttemptFailed failed:
                End(e, "failed", failed.Message);
                break;
            case JobEvent.AttemptInterrupted cut:
                End(e, "interrupted", cut.Reason);
                break;
            case JobEvent.BudgetExhausted hold:
                End(e, "interrupted", hold.Reason);
                break;
            case JobEvent.MarkCancelled cancelled:
                End(e, "cancelled", cancelled.Reason);
                break;
        }
    }

    private void End(JobEvent e, string outcome, string? message)
    {
        if (_attempts is [.., { Outcome: AttemptRecord.Running } last])
        {
            _attempts[^1] = last.End(e.At, outcome, message);
        }
    }
}
