using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Copying;

/// <summary>Fills an empty store from another one or from a backup, and makes its read model.</summary>
internal static class StoreMove
{
    /// <summary>From a store that nobody uses meanwhile.</summary>
    public static async Task<CopySummary> FromStoreAsync(
        StoreAddress source, StoreAddress target, TimeProvider time, Action<string> report, CancellationToken cancellationToken)
    {
        if (!source.MayExist)
        {
            throw new StoreUnusableException("not_found", $"There is no store in {source.Name}");
        }

        // Held open while it is read: that keeps other processes out of a data folder, and brings an older one up to date.
        await using var held = source is StoreAddress.Sqlite ? await source.OpenAsync(StoreDefaults.ShardCount, time, cancellationToken) : null;
        await using var tables = await source.HoldTablesAsync(write: false, cancellationToken);
        (await StoreSchema.ReadAsync(tables, source.Scripts, cancellationToken)).ThrowIfDifferent(source.Name);
        return await FromTablesAsync(tables, target, time, report, cancellationToken);
    }

    public static async Task<CopySummary> FromTablesAsync(
        ITableSource source, StoreAddress target, TimeProvider time, Action<string> report, CancellationToken cancellationToken)
    {
        await using var store = await target.OpenAsync(StoreDefaults.ShardCount, time, cancellationToken);
        CopySummary summary;
        await using (var tables = await target.HoldTablesAsync(write: true, cancellationToken))
        {
            summary = await new StoreCopy(source, tables, report).RunAsync(cancellationToken);
        }

        report($"read model: {await ReadModelRebuild.RunAsync(store, cancellationToken)} jobs");
        return summary;
    }
}
