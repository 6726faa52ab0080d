using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Driving;

/// <summary>
/// Follows a job that another process drives, by the journal alone: what is there, then what its shard gains. There is no signal
/// between processes on one data folder, so the shard is looked at every so often.
/// </summary>
internal sealed class StoredJobFollower(IJournal journal, TimeProvider time)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <returns>What the journal has now.</returns>
    /// <exception cref="JobQuarantinedException">An event is missing or cannot be understood.</exception>
    public async IAsyncEnumerable<(JobRecorded Recorded, Job Job)> ReadAsync(JobId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Job? job = null;
        await foreach (var row in journal.ReadJobsAsync([id], cancellationToken))
        {
            (job, var recorded) = JobHistory.Advance(id, job, row);
            yield return (recorded, job);
        }
    }

    /// <returns>Every event once, in order, with the job as it left it; ends with the job.</returns>
    /// <exception cref="JobQuarantinedException">An event is missing or cannot be understood.</exception>
    public async IAsyncEnumerable<(JobRecorded Recorded, Job Job)> FollowAsync(JobId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Job? job = null;
        var position = 0L;
        await foreach (var row in journal.ReadJobsAsync([id], cancellationToken))
        {
            (job, var recorded) = JobHistory.Advance(id, job, row);
            position = row.ShardSeq;
            yield return (recorded, job);
        }

        while (job is not { State: var state } || !state.IsTerminal())
        {
            var before = position;
            await foreach (var row in journal.ReadShardAsync(id.Shard, position, PageSize, cancellationToken))
            {
                position = row.ShardSeq;
                if (row.Job == id)
                {
                    (job, var recorded) = JobHistory.Advance(id, job, row);
                    yield return (recorded, job);
                }
            }

            if (position == before)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
