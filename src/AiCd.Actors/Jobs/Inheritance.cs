namespace AiCd.Actors.Jobs;

/// <summary>
/// What a linked job takes over of another one's history: results and what was said, never attempts that are under way, failures,
/// effects or spend. The events are the other job's own, so that the linked job's history tells truly what it rests on.
/// </summary>
public static class Inheritance
{
    /// <param name="history">The other job's events up to the one to go on from.</param>
    /// <param name="planAnew">True where its plan counts for nothing any more.</param>
    /// <returns>Events that may follow SUBMITTED, in order.</returns>
    public static IReadOnlyList<JobEvent> Of(IEnumerable<JobEvent> history, bool planAnew = false)
    {
        var kept = new List<JobEvent>();
        JobEvent? start = null;
        JobEvent.PlanProposed? proposed = null;
        var rounds = 0;
        foreach (var e in history)
        {
            switch (e)
            {
                case JobEvent.StartPlanning or JobEvent.StartCoding or JobEvent.StartReviewing:
                    start = e;
                    break;
                case JobEvent.AttemptStarted later:
                    start = Restarted(start, later);
                    break;
                case JobEvent.FeedbackAdded:
                    kept.Add(e);
                    break;
                case JobEvent.PlanTurnedDown no:
                    proposed = null;
                    kept.Add(new JobEvent.FeedbackAdded(no.Feedback, no.By) { At = e.At, Node = e.Node });
                    break;
                case JobEvent.PlanProposed plan when !planAnew:
                    proposed = plan;
                    break;
                case JobEvent.PlanSucceeded or JobEvent.CodeSucceeded or JobEvent.ReviewApproved when !planAnew:
                    Keep(e);
                    break;
                case JobEvent.ReviewRejected rejected when !planAnew:
                    rounds = rejected.Round;
                    Keep(e);
                    break;
                case JobEvent.ReviewFailed { Failure.Code: FailureCodes.ReviewRoundsExhausted } failed when !planAnew:
                    // The last rejection of a job is what its successor has to answer.
                    Keep(new JobEvent.ReviewRejected(AttemptOf(start), rounds + 1, failed.Failure.Message, failed.Artifacts) { At = e.At, Node = e.Node });
                    break;
            }
        }

        if (proposed is not null)
        {
            Keep(proposed);
        }

        return kept;

        void Keep(JobEvent result)
        {
            if (start is not null)
            {
                kept.Add(start);
            }

            kept.Add(result);
            (start, proposed) = (null, null);
        }
    }

    /// <returns>True where the events can follow SUBMITTED and leave no attempt open.</returns>
    internal static bool IsSound(IReadOnlyList<JobEvent> inherited)
    {
        var (state, open) = (JobState.Queued, false);
        for (var i = 0; i < inherited.Count; i++)
        {
            var e = inherited[i];
            if (e.Transition is { } transition)
            {
                if (!JobTransitions.IsValidTransition(state, transition))
                {
                    return false;
                }

                state = JobTransitions.GetNextState(state, transition);
            }

            switch (e)
            {
                case JobEvent.FeedbackAdded:
                    break;
                case JobEvent.StartPlanning or JobEvent.StartCoding or JobEvent.StartReviewing:
                    open = true;
                    break;
                case JobEvent.PlanSucceeded or JobEvent.CodeSucceeded or JobEvent.ReviewApproved or JobEvent.ReviewRejected:
                    open = false;
                    break;
                case JobEvent.PlanProposed when open && i == inherited.Count - 1:
                    open = false;
                    break;
                default:
                    return false;
            }
        }

        return !open;
    }

    private static JobEvent? Restarted(JobEvent? start, JobEvent.AttemptStarted later) => later.Stage switch
    {
        Stage.Planning => new JobEvent.StartPlanning(later.AttemptId, later.Incarnation) { At = later.At, Node = later.Node },
        Stage.Coding => new JobEvent.StartCoding(later.AttemptId, later.Incarnation) { At = later.At, Node = later.Node },
        Stage.Reviewing => new JobEvent.StartReviewing(later.AttemptId, later.Incarnation) { At = later.At, Node = later.Node },
        _ => start,
    };

    private static string AttemptOf(JobEvent? start) => start is JobEvent.StartReviewing review ? review.AttemptId : "none";
}
