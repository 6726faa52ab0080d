using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;

namespace AiCd.Web.Jobs;

/// <summary>Histories of a tenant's jobs: events, states at any of them, and what the job left.</summary>
public sealed class JobHistory(TenantScope scope)
{
    private const int PageSize = 1_000;

    /// <returns>Events after the given number, with the state that each led to.</returns>
    public async Task<EventPage> EventsAsync(Job job, int after, int limit, CancellationToken cancellationToken)
    {
        var items = new List<EventDetails>();
        await foreach (var (row, e, then) in ReplayAsync(job.Id, cancellationToken))
        {
            if (row.Seq > after)
            {
                items.Add(EventMapping.Of(row, e, then));
            }

            if (items.Count == limit)
            {
                return new EventPage(items, row.Seq < job.Seq ? row.Seq : null);
            }
        }

        return new EventPage(items, null);
    }

    /// <summary>The job as the given event left it.</summary>
    public async Task<Job> AtAsync(Job job, int seq, CancellationToken cancellationToken)
    {
        if (seq < 1 || seq > job.Seq)
        {
            throw ProblemException.Field("at", $"the number of an event, from 1 to {job.Seq}", seq.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        await foreach (var (row, _, then) in ReplayAsync(job.Id, cancellationToken))
        {
            if (row.Seq == seq)
            {
                return then;
            }
        }

        throw ProblemException.NotFound("event");
    }

    public async Task<IReadOnlyList<ArtifactDetails>> ArtifactsAsync(Job job, CancellationToken cancellationToken) =>
        [.. (await RefsAsync(job, cancellationToken)).Select(found => new ArtifactDetails(
            found.Artifact.Kind,
            found.Artifact.Sha256,
            found.Artifact.Size,
            found.Artifact.MediaType,
            found.Seq,
            $"{JobMapping.Location(job.Id)}/artifacts/{found.Artifact.Sha256}"))];

    /// <returns>Null where the job names no such artifact: what other jobs left is theirs.</returns>
    public async Task<(ArtifactRef Artifact, byte[] Content)?> ArtifactAsync(Job job, string sha256, CancellationToken cancellationToken)
    {
        foreach (var (artifact, _) in await RefsAsync(job, cancellationToken))
        {
            if (artifact.Sha256 == sha256)
            {
                return await ContentAsync(artifact, cancellationToken) is { } content ? (artifact, content) : null;
            }
        }

        return null;
    }

    /// <returns>Null where it was collected.</returns>
    public async Task<byte[]?> ContentAsync(ArtifactRef artifact, CancellationToken cancellationToken) => artifact.Inline is { } inline
        ? Encoding.UTF8.GetBytes(inline)
        : await scope.FindArtifactAsync(artifact.Sha256, cancellationToken);

    private async Task<List<(ArtifactRef Artifact, int Seq)>> RefsAsync(Job job, CancellationToken cancellationToken)
    {
        var found = new List<(ArtifactRef, int)>();
        await foreach (var (row, e, _) in ReplayAsync(job.Id, cancellationToken))
        {
            found.AddRange(NamedBy(e).Select(artifact => (artifact, row.Seq)));
        }

        return found;
    }

    /// <summary>A plan that was approved was named when it was proposed.</summary>
    private static IReadOnlyList<ArtifactRef> NamedBy(JobEvent e) => e is JobEvent.PlanSucceeded { ApprovedBy: not null } ? [] : EventArtifacts.Of(e);

    private async IAsyncEnumerable<(JournalRow Row, JobEvent Event, Job After)> ReplayAsync(
        JobId id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Job? job = null;
        while (true)
        {
            var rows = await scope.EventsAsync(id, job?.Seq ?? 0, PageSize, cancellationToken);
            foreach (var row in rows)
            {
                var (e, after) = Next(id, job, row);
                job = after;
                yield return (row, e, after);
            }

            if (rows.Count < PageSize)
            {
                yield break;
            }
        }
    }

    private static (JobEvent Event, Job After) Next(JobId id, Job? job, in JournalRow row)
    {
        try
        {
            var e = JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt);
            return (e, JobEvolver.Evolve(id, job, e));
        }
        catch (Exception error) when (error is CorruptEventException or InvalidOperationException)
        {
            throw new JobQuarantinedException(id, error.Message);
        }
    }
}
