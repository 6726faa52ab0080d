using AiCd.Actors.Journal;

namespace AiCd.Web.Streams;

/// <summary>Reads from the journal what a reader of the common stream missed. Of other tenants' events it passes on only that they are passed.</summary>
internal sealed class MissedEvents(IStore store, string tenant)
{
    private readonly TailJobs _jobs = new(store.Journal);

    /// <returns>Rows in the order in which they are to be passed; without data where they are not the tenant's.</returns>
    public async Task<IReadOnlyList<(JournalRow Row, byte[]? Data)>> ReadAsync(StreamPlace place, int perShard, CancellationToken cancellationToken)
    {
        var rows = TimeOrder.Of(await store.Queries.TailAsync(place.Behind(), perShard, cancellationToken));
        if (rows.Count == 0)
        {
            throw new JournalException("The journal has less than it had: it was restored from an older copy", isTransient: false);
        }

        await _jobs.PrepareAsync([.. rows.Where(row => row.Tenant == tenant)], cancellationToken);
        return [.. rows.Select(row => (row, row.Tenant == tenant ? _jobs.Tell(row)?.Data : null))];
    }
}
