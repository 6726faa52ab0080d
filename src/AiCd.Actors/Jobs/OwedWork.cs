namespace AiCd.Actors.Jobs;

/// <summary>
/// The stage work that a job owes. Recovery is nothing but replay and then starting what is owed: an attempt that is still open
/// is owed again once the incarnation that runs it is gone.
/// </summary>
/// <param name="DueAt">Not before then; null for at once.</param>
/// <param name="Running">The open attempt, or null.</param>
public readonly record struct OwedWork(Stage Stage, DateTimeOffset? DueAt, Attempt? Running)
{
    /// <returns>Null where the job owes nothing: it has ended, or it waits for a person, for money or for its pull request's fate.</returns>
    public static OwedWork? Of(Job job)
    {
        if (CleanUp.IsOwed(job))
        {
            return new OwedWork(Stage.PrOpen, job.Entry.RetryAt, job.Entry.Running);
        }

        if (job.ProposedPlan is not null || job.BudgetHold is not null || job.PullRequest is not null || StageOf(job.State) is not { } stage)
        {
            return null;
        }

        var due = job.State == JobState.Queued ? job.Submission.NotBefore : job.Entry.RetryAt;
        return new OwedWork(stage, due, job.Entry.Running);
    }

    /// <summary>The stage that works on the job now, be it to clean up after it, or null where none does.</summary>
    public static Stage? StageOf(Job job) => CleanUp.IsOwed(job) ? Stage.PrOpen : StageOf(job.State);

    /// <summary>The stage that works on a job in this state, or null for one that has ended.</summary>
    public static Stage? StageOf(JobState state) => state switch
    {
        JobState.Queued or JobState.Planning => Stage.Planning,
        JobState.Coding => Stage.Coding,
        JobState.Reviewing => Stage.Reviewing,
        JobState.PrOpen => Stage.PrOpen,
        _ => null,
    };
}
