using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>An event of a job with the job as it stood before.</summary>
internal sealed record HistoryStep(Job? Before, JobEvent Event);

/// <summary>A job's history, read and held against the rules that every history keeps.</summary>
internal sealed record JobHistory(JobId Id, Job? Job, IReadOnlyList<HistoryStep> Steps)
{
    /// <param name="rows">All of the job's events, in order of their numbers.</param>
    /// <param name="violations">Takes what breaks a rule.</param>
    public static JobHistory Read(JobId id, IEnumerable<JournalRow> rows, List<string> violations)
    {
        Job? job = null;
        var steps = new List<HistoryStep>();
        foreach (var row in rows)
        {
            if (row.Seq != (job?.Seq ?? 0) + 1)
            {
                violations.Add($"job {id}: event {row.Seq} follows event {job?.Seq ?? 0}");
                break;
            }

            try
            {
                var e = JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt);
                if (job is not null && e.Transition is { } transition && !JobTransitions.IsValidTransition(job.State, transition))
                {
                    violations.Add($"job {id}: event {row.Seq} is {row.Event} in state {WireNames.Of(job.State)}");
                    break;
                }

                steps.Add(new HistoryStep(job, e));
                job = JobEvolver.Evolve(id, job, e);
            }
            catch (Exception error) when (error is CorruptEventException or InvalidOperationException)
            {
                violations.Add($"job {id}: event {row.Seq}: {error.Message}");
                break;
            }
        }

        return new JobHistory(id, job, steps);
    }
}
