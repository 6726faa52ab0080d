using System.Runtime.CompilerServices;
using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Copying;

/// <summary>A table of the source and its counterpart in the target, whose columns may stand in another order and be of other kinds.</summary>
internal sealed class TablePair
{
    private readonly TableShape _from;
    private readonly int[] _places;
    private readonly int _owner;

    private TablePair(TableShape from, TableShape to)
    {
        _from = from;
        To = to;
        _places = [.. to.Columns.Select(column => from.IndexOf(column.Name))];
        _owner = to.Name == StoreTables.Shards ? to.IndexOf("owner") : -1;
    }

    public TableShape To { get; }

    /// <exception cref="StoreUnusableException">The source has what the target has no place for, or lacks what the target needs.</exception>
    public static IReadOnlyList<TablePair> Match(ITableSource source, ITableTarget target)
    {
        var (from, to) = (Carried(source), Carried(target));
        foreach (var name in from.Keys.Concat(to.Keys).Where(name => StoreTables.IsOfWeb(name) && !(from.ContainsKey(name) && to.ContainsKey(name))).ToList())
        {
            // A data folder that never served, and what was made of it, has none.
            from.Remove(name);
            to.Remove(name);
        }

        var difference = from.Keys.Except(to.Keys).Select(name => $"{source.Name} has a table {name}, {target.Name} has none")
            .Concat(to.Keys.Except(from.Keys).Select(name => $"{target.Name} has a table {name}, {source.Name} has none"))
            .Concat(from.Keys.Intersect(to.Keys).Where(name => !Names(from[name]).SetEquals(Names(to[name]))).Select(name =>
                $"table {name} has columns {string.Join(", ", Names(from[name]))} in {source.Name} and {string.Join(", ", Names(to[name]))} in {target.Name}"))
            .FirstOrDefault();
        return difference is null
            ? [.. to.Values.Select(table => new TablePair(from[table.Name], table))]
            : throw new StoreUnusableException("older_version", $"The two are not of the same version: {difference}");
    }

    /// <summary>The source's rows as the target keeps them. Nobody owns a shard of a store that has just moved.</summary>
    public async IAsyncEnumerable<object?[]> ReadAsync(ITableSource source, RowDigest digest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in source.ReadAsync(_from, cancellationToken))
        {
            var converted = new object?[_places.Length];
            for (var i = 0; i < converted.Length; i++)
            {
                converted[i] = i == _owner ? null : Cell.Convert(row[_places[i]], To.Columns[i].Kind);
            }

            digest.Add(converted);
            yield return converted;
        }
    }

    private static SortedDictionary<string, TableShape> Carried(ITableSource source) =>
        new(source.Tables.Where(table => StoreTables.IsCarried(table.Name)).ToDictionary(table => table.Name), StringComparer.Ordinal);

    private static HashSet<string> Names(TableShape table) => [.. table.Columns.Select(column => column.Name)];
}
