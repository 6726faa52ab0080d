using System.ComponentModel;
using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Jobs;
using AiCd.Web.Streams;

namespace AiCd.Web.Operations;

/// <summary>Follows the journal of all tenants for those who operate the installation: what happens, and nothing of what was said.</summary>
public sealed class JournalWatch(IStore store, TimeProvider time)
{
    private const int PerShard = 500;

    /// <summary>Where the journal ends now.</summary>
    public async Task<long[]> HeadsAsync(CancellationToken cancellationToken)
    {
        var heads = new long[store.ShardCount];
        foreach (var shard in (await store.Nodes.ReadAsync(cancellationToken)).Shards)
        {
            heads[shard.Shard] = shard.Head;
        }

        return heads;
    }

    /// <summary>Everything after the positions that the filter lets through, for ever. The positions move along.</summary>
    /// <returns>Events of a job in order, and what was found together by time; an empty list when a look found nothing.</returns>
    public async IAsyncEnumerable<IReadOnlyList<WatchedEvent>> FollowAsync(
        long[] positions, WatchFilter filter, TimeSpan polling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var jobs = new TailJobs(store.Journal);
        while (true)
        {
            var rows = TimeOrder.Of(await store.Queries.TailAsync(
                Enumerable.Range(0, positions.Length).ToDictionary(shard => shard, shard => positions[shard]), PerShard, cancellationToken));
            var wanted = rows.Where(filter.MayWant).ToList();
            await jobs.PrepareAsync(wanted, cancellationToken);
            foreach (var row in rows)
            {
                positions[row.Shard] = row.ShardSeq;
            }

            yield return [.. wanted.Select(row => Tell(jobs, row)).Where(filter.Wants)];
            if (!rows.GroupBy(row => row.Shard).Any(shard => shard.Count() == PerShard))
            {
                await Task.Delay(polling, time, cancellationToken);
            }
        }
    }

    private static WatchedEvent Tell(TailJobs jobs, in JournalRow row) => jobs.Read(row) is var (e, after)
        ? new WatchedEvent(row.Tenant, row.Job.Value, row.Seq, row.Event, after.State, row.RecordedAt, EventMapping.ActorOf(e, after.Submission), e.Node)
        : new WatchedEvent(row.Tenant, row.Job.Value, row.Seq, row.Event, null, row.RecordedAt, null, null);
}

/// <summary>What of the journal is wanted; null for a condition that is not asked for.</summary>
public sealed record WatchFilter(string? Tenant = null, JobId? Job = null, string? Event = null, JobState? State = null)
{
    internal bool MayWant(JournalRow row) =>
        (Tenant is null || row.Tenant == Tenant) && (Job is null || row.Job == Job);

    /// <summary>Asked of every event of a job that may be wanted: its state is known only to those who saw all of them.</summary>
    internal bool Wants(WatchedEvent e) => (Event is null || e.Event == Event) && (State is null || e.State == State);
}

/// <summary>An event, without what it says.</summary>
public sealed record WatchedEvent(
    string Tenant,
    string JobId,
    int Seq,
    string Event,
    [property: Description("After the event; null where the job's history cannot be read.")] JobState? State,
    DateTimeOffset At,
    string? Actor,
    string? Node);
