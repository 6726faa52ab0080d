using AiCd.Host.Exports;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Archives;

/// <summary>Writes all that a store carries into an archive.</summary>
internal static class ArchiveWriter
{
    /// <returns>How many rows each table has, and the hash of the last line.</returns>
    public static async Task<(IReadOnlyDictionary<string, long> Rows, string Hash)> WriteAsync(ITableSource source, TextWriter output, CancellationToken cancellationToken)
    {
        var chain = new HashChain();
        var tables = source.Tables.Where(table => StoreTables.IsCarried(table.Name)).ToList();
        var rows = tables.ToDictionary(table => table.Name, _ => 0L);
        await WriteAsync(ArchiveFormat.Header(tables));
        foreach (var table in tables)
        {
            await foreach (var row in source.ReadAsync(table, cancellationToken))
            {
                await WriteAsync(ArchiveFormat.Row(table, row));
                rows[table.Name]++;
            }
        }

        await WriteAsync(ArchiveFormat.End(rows));
        return (rows, chain.Head);

        Task WriteAsync(string body) => output.WriteAsync(chain.Seal(body) + "\n");
    }
}
