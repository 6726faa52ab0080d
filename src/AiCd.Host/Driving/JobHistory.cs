using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Driving;

/// <summary>The events of one job as the journal has them.</summary>
internal static class JobHistory
{
    /// <returns>The events with the state that each left behind, up to the first that cannot be understood.</returns>
    /// <exception cref="JobQuarantinedException">An event is missing or cannot be understood.</exception>
    public static async IAsyncEnumerable<JobRecorded> ReadAsync(
        IJournal journal, JobId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Job? job = null;
        await foreach (var row in journal.ReadJobsAsync([id], cancellationToken))
        {
            (job, var recorded) = Advance(id, job, row);
            yield return recorded;
        }
    }

    /// <returns>The job as the row's event left it, and the event.</returns>
    /// <exception cref="JobQuarantinedException">The event before the row is missing, or the row cannot be understood.</exception>
    public static (Job Job, JobRecorded Recorded) Advance(JobId id, Job? job, in JournalRow row)
    {
        try
        {
            if (row.Seq != (job?.Seq ?? 0) + 1)
            {
                throw new CorruptEventException($"event {(job?.Seq ?? 0) + 1} is missing");
            }

            var e = JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt);
            var next = JobEvolver.Evolve(id, job, e);
            return (next, new JobRecorded(id, row.Seq, e, next.State));
        }
        catch (Exception error) when (error is CorruptEventException or InvalidOperationException)
        {
            throw new JobQuarantinedException(id, $"event {row.Seq} ({row.Event}) of job {id}: {error.Message}");
        }
    }

    /// <returns>The job as the row's event left it; or as it was, and why the row cannot be understood.</returns>
    public static (Job? Job, string? Corruption) TryAdvance(JobId id, Job? job, in JournalRow row)
    {
        try
        {
            return (Advance(id, job, row).Job, null);
        }
        catch (JobQuarantinedException corrupt)
        {
            return (job, corrupt.Reason);
        }
    }
}
