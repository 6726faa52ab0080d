using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// Rebuilds jobs from their snapshots, where there are any, and the events since. A snapshot that cannot be read, or that the events do
/// not follow, is discarded: its job is replayed from the first event.
/// </summary>
public sealed class JobReplays(IJournal journal, ISnapshots snapshots)
{
    public async IAsyncEnumerable<JobReplay> OfJobsAsync(IReadOnlyCollection<JobId> jobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bases = Read(await snapshots.FindAsync(jobs, SnapshotCodec.Schema, cancellationToken));
        await foreach (var replay in FoldAsync(journal.ReadJobsAsync(jobs, Numbers(bases), cancellationToken), bases, cancellationToken))
        {
            yield return replay;
        }
    }

    /// <summary>All active jobs of the shards, in bulk: what recovery must bring back.</summary>
    public async IAsyncEnumerable<JobReplay> OfActiveAsync(IReadOnlyCollection<int> shards, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bases = Read(await snapshots.FindActiveAsync(shards, SnapshotCodec.Schema, cancellationToken));
        await foreach (var replay in FoldAsync(journal.ReadActiveAsync(shards, Numbers(bases), cancellationToken), bases, cancellationToken))
        {
            yield return replay;
        }
    }

    private async IAsyncEnumerable<JobReplay> FoldAsync(
        IAsyncEnumerable<JournalRow> rows, Dictionary<JobId, Job> bases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var misled = new List<JobId>();
        await foreach (var replay in JobReplay.FoldAsync(rows, bases, cancellationToken))
        {
            if (replay.Corruption is not null && bases.ContainsKey(replay.Id))
            {
                misled.Add(replay.Id);
            }
            else
            {
                yield return replay;
            }
        }

        if (misled.Count > 0)
        {
            await foreach (var replay in JobReplay.FoldAsync(journal.ReadJobsAsync(misled, cancellationToken), cancellationToken))
            {
                yield return replay;
            }
        }
    }

    private static Dictionary<JobId, Job> Read(IReadOnlyList<JobSnapshot> found)
    {
        var bases = new Dictionary<JobId, Job>(found.Count);
        foreach (var snapshot in found)
        {
            if (SnapshotCodec.Decode(snapshot) is { } job)
            {
                bases[snapshot.Job] = job;
            }
        }

        return bases;
    }

    private static Dictionary<JobId, int> Numbers(Dictionary<JobId, Job> bases) => bases.ToDictionary(pair => pair.Key, pair => pair.Value.Seq);
}
