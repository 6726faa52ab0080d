using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.Driving;

namespace AiCd.Host.Replaying;

/// <summary>One event of a job with the state that it left behind.</summary>
internal sealed record JobStep(JournalRow Row, JobEvent Event, Job Job)
{
    /// <param name="last">Number of the last event to apply; null for all.</param>
    /// <exception cref="CommandException">There is no such event.</exception>
    /// <exception cref="Actors.Runtime.JobQuarantinedException">An event cannot be understood. The steps before it were returned.</exception>
    public static async IAsyncEnumerable<JobStep> ReadAsync(IAsyncEnumerable<JournalRow> rows, JobId id, int? last)
    {
        Job? job = null;
        await foreach (var row in rows)
        {
            (job, var recorded) = JobHistory.Advance(id, job, row);
            yield return new JobStep(row, recorded.Event, job);
            if (row.Seq == last)
            {
                yield break;
            }
        }

        if (last is { } wanted)
        {
            throw CommandException.BadInput($"--at: expected a whole number from 1 to {job?.Seq}, the last event of the job, got '{wanted}'");
        }
    }
}
