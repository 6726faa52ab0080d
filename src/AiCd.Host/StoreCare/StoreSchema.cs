using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare;

/// <summary>Which scripts a store has, of those that this program brings.</summary>
/// <param name="Applied">Numbers of the module's scripts.</param>
internal sealed record StoreSchema(IReadOnlyList<long> Applied, IReadOnlyList<MigrationScript> Scripts)
{
    public IReadOnlyList<MigrationScript> Pending => [.. Scripts.Where(script => !Applied.Contains(script.Number))];

    public bool IsNewer => Applied.Any(number => number > Scripts.Count);

    public static async Task<StoreSchema> ReadAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        await using var tables = await address.ReadTablesAsync(cancellationToken);
        return await ReadAsync(tables, address.Scripts, cancellationToken);
    }

    public static async Task<StoreSchema> ReadAsync(ITableSource tables, IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        var applied = new List<long>();
        if (tables.Tables.FirstOrDefault(table => table.Name == StoreTables.Migrations) is { } table)
        {
            await foreach (var row in tables.ReadAsync(table, cancellationToken))
            {
                if ((string)row[table.IndexOf("module")]! == scripts[0].Module)
                {
                    applied.Add((long)row[table.IndexOf("number")]!);
                }
            }
        }

        return new StoreSchema(applied, scripts);
    }

    /// <exception cref="StoreUnusableException"><c>older_version</c>, <c>newer_version</c> or <c>not_found</c>.</exception>
    public void ThrowIfDifferent(string name)
    {
        if (Applied.Count == 0)
        {
            throw new StoreUnusableException("not_found", $"There is no store in {name}: `aicd db migrate` makes one");
        }

        if (IsNewer)
        {
            throw new StoreUnusableException("newer_version", $"{name} was written by a newer version: it has migration {Applied.Max()}, this program knows {Scripts.Count}");
        }

        if (Pending.Count > 0)
        {
            throw new StoreUnusableException("older_version", $"{name} was written by an older version: `aicd db migrate` brings it up to date");
        }
    }
}
