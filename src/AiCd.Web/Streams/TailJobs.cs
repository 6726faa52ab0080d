using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Web.Jobs;
using AiCd.Web.Json;

namespace AiCd.Web.Streams;

/// <summary>Knows the jobs whose events pass by, so that every event can be told with the state that it led to.</summary>
internal sealed class TailJobs(IJournal journal)
{
    private const int MaxKnown = 5_000;

    private readonly Dictionary<JobId, Job> _known = [];

    /// <summary>Reads the jobs of these rows as they were before them, where they are not known.</summary>
    public async Task PrepareAsync(IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken)
    {
        var first = rows.GroupBy(row => row.Job).ToDictionary(group => group.Key, group => group.Min(row => row.Seq));
        var missing = first.Where(job => job.Value > 1 && !(_known.TryGetValue(job.Key, out var known) && known.Seq == job.Value - 1)).Select(job => job.Key).ToList();
        if (_known.Count + missing.Count > MaxKnown)
        {
            _known.Clear();
            missing = [.. first.Where(job => job.Value > 1).Select(job => job.Key)];
        }

        if (missing.Count == 0)
        {
            return;
        }

        missing.ForEach(job => _known.Remove(job));
        await foreach (var row in journal.ReadJobsAsync(missing, cancellationToken))
        {
            if (row.Seq < first[row.Job])
            {
                Next(row);
            }
        }
    }

    /// <returns>The event as the API shows it, and whether it ends its job; null where the history cannot be read.</returns>
    public (byte[] Data, bool EndsJob)? Tell(in JournalRow row)
    {
        var before = _known.GetValueOrDefault(row.Job)?.State;
        if (Next(row) is not var (e, after))
        {
            return null;
        }

        var details = EventMapping.Of(row, e, after);
        return (Encode(row.Job, details), after.State.IsTerminal() && before?.IsTerminal() != true);
    }

    public static byte[] Encode(JobId job, EventDetails details) => JsonSerializer.SerializeToUtf8Bytes(
        new StreamedEvent("event", job.Value, details.Seq, details.Event, details.State, details.At, details.Actor, details.Node, details.Inherited, details.Data),
        WebJson.Options);

    /// <returns>The event and the job as it left it; null where the history cannot be read.</returns>
    public (JobEvent Event, Job After)? Read(in JournalRow row) => Next(row);

    private (JobEvent Event, Job After)? Next(in JournalRow row)
    {
        try
        {
            var e = JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt);
            var after = JobEvolver.Evolve(row.Job, _known.GetValueOrDefault(row.Job), e);
            _known[row.Job] = after;
            return (e, after);
        }
        catch (Exception error) when (error is CorruptEventException or InvalidOperationException)
        {
            _known.Remove(row.Job);
            return null;
        }
    }
}
