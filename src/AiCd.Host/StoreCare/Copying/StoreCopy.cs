using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Copying;

/// <summary>
/// Moves a whole store into an empty one, in one transaction of the target: all of it, or nothing. Before the commit everything is read
/// back and compared, row by row and replay by replay, so that what was not verified is not there.
/// </summary>
internal sealed class StoreCopy(ITableSource source, ITableTarget target, Action<string> report)
{
    public async Task<CopySummary> RunAsync(CancellationToken cancellationToken)
    {
        var pairs = TablePair.Match(source, target);
        await RefuseUnlessEmptyAsync(cancellationToken);
        var digests = new SortedDictionary<string, RowDigest>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            await target.ClearAsync(pair.To, cancellationToken);
            var digest = digests[pair.To.Name] = new RowDigest();
            await target.WriteAsync(pair.To, pair.ReadAsync(source, digest, cancellationToken), cancellationToken);
            report($"{pair.To.Name}: {digest.Rows} rows");
        }

        await ResetCursorsAsync(cancellationToken);
        foreach (var pair in pairs)
        {
            await CompareAsync(pair.To, digests[pair.To.Name], cancellationToken);
        }

        var (jobs, unreadable) = await ReplayComparison.RunAsync(source, target, cancellationToken);
        await target.CommitAsync(cancellationToken);
        return new CopySummary(digests.ToDictionary(entry => entry.Key, entry => entry.Value.Rows), jobs, unreadable);
    }

    private async Task RefuseUnlessEmptyAsync(CancellationToken cancellationToken)
    {
        foreach (var table in target.Tables.Where(table => StoreTables.ShowsUse(table.Name)))
        {
            if (await target.CountAsync(table, cancellationToken) > 0)
            {
                throw new CommandException(ExitCodes.BadInput, $"{target.Name}: expected an empty store, got one with rows in {table.Name}");
            }
        }
    }

    /// <summary>The read model begins anew, on the shards of the source.</summary>
    private async Task ResetCursorsAsync(CancellationToken cancellationToken)
    {
        var (cursors, shards) = (StoreTables.Find(target, StoreTables.Cursors), StoreTables.Find(target, StoreTables.Shards));
        var numbers = new List<object?>();
        await foreach (var row in target.ReadAsync(shards, cancellationToken))
        {
            numbers.Add(row[shards.IndexOf("shard")]);
        }

        await target.ClearAsync(cursors, cancellationToken);
        await target.WriteAsync(
            cursors,
            numbers.Select(number => cursors.Columns.Select(column => column.Name == "shard" ? number : 0L).ToArray()).ToAsyncEnumerable(),
            cancellationToken);
    }

    private async Task CompareAsync(TableShape table, RowDigest written, CancellationToken cancellationToken)
    {
        var found = new RowDigest();
        await foreach (var row in target.ReadAsync(table, cancellationToken))
        {
            found.Add(row);
        }

        if (!found.IsSame(written))
        {
            throw new JournalException($"Table {table.Name} of {target.Name} is not what was written to it: {written.Rows} rows went in, {found.Rows} came back. Nothing was copied", isTransient: false);
        }
    }
}

/// <param name="Rows">By table.</param>
/// <param name="Jobs">Whose replays were compared.</param>
/// <param name="Unreadable">Of those, the ones whose history cannot be replayed, in both in the same way.</param>
internal sealed record CopySummary(IReadOnlyDictionary<string, long> Rows, int Jobs, int Unreadable);
