using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare;

/// <summary>Which scripts a store has, of those that this program brings.</summary>
/// <param name="Applied">Of the modules that this program knows.</param>
internal sealed record StoreSchema(IReadOnlyList<(string Module, long Number)> Applied, IReadOnlyList<MigrationScript> Scripts)
{
    public IReadOnlyList<MigrationScript> Pending => [.. Scripts.Where(script => !Applied.Contains((script.Module, script.Number)))];

    /// <summary>What the store has and this program does not know.</summary>
    public IReadOnlyList<(string Module, long Number)> Unknown => [.. Applied.Where(applied => Scripts.All(script => (script.Module, script.Number) != applied))];

    public bool IsNewer => Unknown.Count > 0;

    public static async Task<StoreSchema> ReadAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        await using var tables = await address.ReadTablesAsync(cancellationToken);
        return await ReadAsync(tables, address.Scripts, cancellationToken);
    }

    public static async Task<StoreSchema> ReadAsync(ITableSource tables, IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        var applied = new List<(string Module, long Number)>();
        if (tables.Tables.FirstOrDefault(table => table.Name == StoreTables.Migrations) is { } table)
        {
            await foreach (var row in tables.ReadAsync(table, cancellationToken))
            {
                var module = (string)row[table.IndexOf("module")]!;
                if (scripts.Any(script => script.Module == module))
                {
                    applied.Add((module, (long)row[table.IndexOf("number")]!));
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
            throw new StoreUnusableException("newer_version", $"{name} was written by a newer version: it has migration {Unknown[0].Number} of {Unknown[0].Module}, which this program does not know");
        }

        if (Pending.Count > 0)
        {
            throw new StoreUnusableException("older_version", $"{name} was written by an older version: `aicd db migrate` brings it up to date");
        }
    }
}
