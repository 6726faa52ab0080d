using AiCd.Actors.Jobs;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>
/// What holds of attempts: each is started once, only the running one speaks, each stage's result is accepted once, and none is
/// replaced while it may still be alive.
/// </summary>
internal sealed class AttemptRules(Leases leases, AttemptLog log, List<string> violations)
{
    private readonly Dictionary<string, JobId> _started = [];

    /// <summary>Attempts that were replaced because their node was gone.</summary>
    public int Replaced { get; private set; }

    public void Check(JobHistory history)
    {
        var accepted = new HashSet<string>();
        foreach (var (before, e) in history.Steps)
        {
            if (StartOf(e) is { } start)
            {
                CheckStart(history.Id, before, start.Attempt);
            }

            if (ResultOf(e) is { } attempt)
            {
                CheckSpeaker(history.Id, before, attempt, e);
                if (!accepted.Add(attempt))
                {
                    violations.Add($"job {history.Id}: a second result of attempt {attempt} was accepted ({e.GetType().Name})");
                }
            }

            if (e is JobEvent.AttemptInterrupted { Counted: true } cut)
            {
                CheckReplaced(history.Id, before, cut);
            }
        }
    }

    /// <summary>Of attempts whose work was seen to run: the journal must know all of them.</summary>
    public void CheckLog()
    {
        foreach (var (attempt, runs) in log.Runs)
        {
            if (!_started.ContainsKey(attempt))
            {
                violations.Add($"attempt {attempt} ran, and no journal has its start");
            }

            if (runs > 1)
            {
                violations.Add($"attempt {attempt} ran {runs} times");
            }
        }
    }

    private void CheckStart(JobId job, Job? before, string attempt)
    {
        if (!_started.TryAdd(attempt, job))
        {
            violations.Add($"job {job}: attempt {attempt} was started twice");
        }

        if (before?.Entry.Running is { } running)
        {
            violations.Add($"job {job}: attempt {attempt} was started beside {running.Id}");
        }
    }

    private void CheckSpeaker(JobId job, Job? before, string attempt, JobEvent e)
    {
        if (before?.Entry.Running?.Id != attempt)
        {
            violations.Add($"job {job}: {e.GetType().Name} of attempt {attempt} was accepted while {before?.Entry.Running?.Id ?? "none"} was running");
        }
    }

    /// <summary>A counted interruption says that the work gave up by itself, or that its node was gone: nobody else may say so of it.</summary>
    private void CheckReplaced(JobId job, Job? before, JobEvent.AttemptInterrupted cut)
    {
        if (before?.Entry.Running is not { } gone || gone.Id != cut.AttemptId)
        {
            violations.Add($"job {job}: attempt {cut.AttemptId} was called interrupted while {before?.Entry.Running?.Id ?? "none"} was running");
            return;
        }

        // Events carry whole milliseconds, cut off.
        var at = cut.At.AddMilliseconds(1);
        var gaveUp = log.FailureOf(gone.Id) <= at;
        var dead = leases.EndOf(gone.Incarnation) <= at;
        if (!gaveUp && !dead)
        {
            violations.Add($"job {job}: attempt {gone.Id} was replaced at {cut.At:O}, while {gone.Incarnation} was alive until {leases.EndOf(gone.Incarnation):O}");
        }

        Replaced += gaveUp ? 0 : 1;
    }

    private static (string Attempt, string Incarnation)? StartOf(JobEvent e) => e switch
    {
        JobEvent.StartPlanning start => (start.AttemptId, start.Incarnation),
        JobEvent.StartCoding start => (start.AttemptId, start.Incarnation),
        JobEvent.StartReviewing start => (start.AttemptId, start.Incarnation),
        JobEvent.AttemptStarted start => (start.AttemptId, start.Incarnation),
        _ => null,
    };

    private static string? ResultOf(JobEvent e) => e switch
    {
        JobEvent.PlanSucceeded plan => plan.AttemptId,
        JobEvent.PlanProposed plan => plan.AttemptId,
        JobEvent.CodeSucceeded code => code.AttemptId,
        JobEvent.ReviewApproved review => review.AttemptId,
        JobEvent.ReviewRejected review => review.AttemptId,
        JobEvent.PrOpened opened => opened.AttemptId,
        JobEvent.AttemptFailed failed => failed.AttemptId,
        _ => null,
    };
}
