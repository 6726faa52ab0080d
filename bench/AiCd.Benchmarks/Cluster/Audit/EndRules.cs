using AiCd.Actors.Jobs;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>Every submission is one job, and every job ended as its script says.</summary>
internal static class EndRules
{
    public static void Check(IReadOnlyList<JobHistory> histories, ClusterLog log, List<string> violations)
    {
        violations.AddRange(log.Contradictions);
        var jobs = new Dictionary<int, JobId>();
        foreach (var job in histories.Select(history => history.Job).OfType<Job>())
        {
            var script = ScriptedJob.Parse(job.Submission.Title);
            if (!jobs.TryAdd(script.Number, job.Id))
            {
                violations.Add($"submission {script.Number} became job {jobs[script.Number]} and job {job.Id}");
            }

            CheckEnd(job, script, log.Cancelled.ContainsKey(script.Number), violations);
        }

        foreach (var (number, job) in log.Acknowledged)
        {
            if (!jobs.TryGetValue(number, out var stored) || stored.Value != job)
            {
                violations.Add($"submission {number} was acknowledged as job {job}, the journal has {(jobs.TryGetValue(number, out stored) ? stored.Value : "none")}");
            }
        }
    }

    private static void CheckEnd(Job job, ScriptedJob script, bool cancelled, List<string> violations)
    {
        // A cancellation may come too late; one that was applied holds.
        var expected = cancelled
            ? job.State == JobState.Cancelled
            : job.State == script.End || (script.Script == Script.Cancelled && job.State == JobState.Cancelled);
        if (!expected)
        {
            violations.Add($"job {job.Id} ({script.Script}) ended in {WireNames.Of(job.State)}: {job.Failure?.Code} {job.Failure?.Message}");
        }

        var rejected = script.Script switch
        {
            Script.RejectedOnce => 1,
            Script.RejectedAlways => ScriptedJob.MaxReviewRounds - 1,
            _ => 0,
        };
        if (job.State.IsTerminal() && job.RejectedRounds != rejected)
        {
            violations.Add($"job {job.Id} ({script.Script}) has {job.RejectedRounds} rejected rounds, expected {rejected}");
        }
    }
}
