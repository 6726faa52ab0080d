using System.Collections.Frozen;
using static AiCd.Actors.Jobs.JobState;
using static AiCd.Actors.Jobs.JobTransition;

namespace AiCd.Actors.Jobs;

/// <summary>The life cycle of a job as one table. What is not in it is refused.</summary>
public static class JobTransitions
{
    private static readonly FrozenDictionary<(JobState From, JobTransition Event), JobState> Table =
        new (JobState From, JobTransition Event, JobState To)[]
        {
            (Queued,    StartPlanning,  Planning),
            (Planning,  PlanSucceeded,  Coding),
            (Planning,  PlanFailed,     Failed),
            (Coding,    StartCoding,    Coding),
            (Coding,    CodeSucceeded,  Reviewing),
            (Coding,    CodeFailed,     Failed),
            (Reviewing, StartReviewing, Reviewing),
            (Reviewing, ReviewApproved, PrOpen),
            (Reviewing, ReviewRejected, Coding),
            (Reviewing, ReviewFailed,   Failed),
            (PrOpen,    PrOpened,       PrOpen),
            (PrOpen,    PrFailed,       Failed),
            (PrOpen,    MarkCompleted,  Completed),

            (Queued,    MarkCancelled,  Cancelled),
            (Planning,  MarkCancelled,  Cancelled),
            (Coding,    MarkCancelled,  Cancelled),
            (Reviewing, MarkCancelled,  Cancelled),
            (PrOpen,    MarkCancelled,  Cancelled),
        }.ToFrozenDictionary(row => (row.From, row.Event), row => row.To);

    public static bool IsTerminal(this JobState state) => state is Completed or Failed or Cancelled;

    public static bool IsValidTransition(JobState current, JobTransition transition) =>
        Table.ContainsKey((current, transition));

    /// <exception cref="JobStateException">The table has no such transition.</exception>
    public static JobState GetNextState(JobState current, JobTransition transition) =>
        Table.TryGetValue((current, transition), out var next)
            ? next
            : throw new JobStateException(current, transition);
}
