using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Journal;

/// <summary>What the journal tells of one job.</summary>
/// <param name="Job">Null where the history cannot be read.</param>
/// <param name="Corruption">Why it cannot, with the number of the event.</param>
public readonly record struct JobReplay(JobId Id, Job? Job, string? Corruption)
{
    /// <summary>Of a corrupt history, the job as the last event left it that can be read; null where the first cannot.</summary>
    public Job? LastReadable { get; init; }

    /// <summary>Folds rows, each job's together and in order, into jobs. A row that cannot be understood sets its job alone aside.</summary>
    public static IAsyncEnumerable<JobReplay> FoldAsync(IAsyncEnumerable<JournalRow> rows, CancellationToken cancellationToken) =>
        FoldAsync(rows, FrozenDictionary<JobId, Job>.Empty, cancellationToken);

    /// <param name="bases">Jobs as they stood before the first of their rows; one without a row stands there still.</param>
    public static async IAsyncEnumerable<JobReplay> FoldAsync(
        IAsyncEnumerable<JournalRow> rows, IReadOnlyDictionary<JobId, Job> bases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var still = bases.Count > 0 ? new HashSet<JobId>(bases.Keys) : [];
        JobReplay? current = null;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (current is { } done && done.Id != row.Job)
            {
                yield return done;
                current = null;
            }

            current = Next(current ?? Begin(row.Job, bases, still), row);
        }

        if (current is { } last)
        {
            yield return last;
        }

        foreach (var job in still)
        {
            yield return new JobReplay(job, bases[job], null);
        }
    }

    private static JobReplay Begin(JobId id, IReadOnlyDictionary<JobId, Job> bases, HashSet<JobId> still) =>
        new(id, still.Remove(id) ? bases[id] : null, null);

    private static JobReplay Next(JobReplay replay, in JournalRow row)
    {
        if (replay.Corruption is not null)
        {
            return replay;
        }

        try
        {
            var expected = (replay.Job?.Seq ?? 0) + 1;
            if (row.Seq != expected)
            {
                throw new CorruptEventException($"event {expected} is missing");
            }

            var e = JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt);
            return replay with { Job = JobEvolver.Evolve(row.Job, replay.Job, e) };
        }
        catch (Exception error) when (error is CorruptEventException or InvalidOperationException)
        {
            return new JobReplay(replay.Id, null, $"event {row.Seq} ({row.Event}) of job {row.Job}: {error.Message}") { LastReadable = replay.Job };
        }
    }
}
