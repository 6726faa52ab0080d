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
            JobRecorded recorded;
            try
            {
                if (row.Seq != (job?.Seq ?? 0) + 1)
                {
                    throw new CorruptEventException($"event {(job?.Seq ?? 0) + 1} is missing");
                }

                var e = JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt);
                job = JobEvolver.Evolve(id, job, e);
                recorded = new JobRecorded(id, row.Seq, e, job.State);
            }
            catch (Exception error) when (error is CorruptEventException or InvalidOperationException)
            {
                throw new JobQuarantinedException(id, $"event {row.Seq} ({row.Event}) of job {id}: {error.Message}");
            }

            yield return recorded;
        }
    }
}
