using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.Exports;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>Rows of the journal as cells and as what they mean.</summary>
internal static class JournalTable
{
    /// <summary>All events, job by job and in order.</summary>
    public static async IAsyncEnumerable<JournalRow> ReadAsync(
        ITableSource source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = StoreTables.Find(source, StoreTables.Journal);
        var number = 0L;
        await foreach (var row in source.ReadAsync(table, cancellationToken))
        {
            yield return Read(table, row, ++number);
        }
    }

    /// <param name="line">Where the row stands, for messages.</param>
    /// <exception cref="CommandLine.CommandException">The row is none of a journal.</exception>
    public static JournalRow Read(TableShape table, object?[] row, long line)
    {
        try
        {
            return new JournalRow(
                (int)(long)row[table.IndexOf("shard")]!,
                (long)row[table.IndexOf("shard_seq")]!,
                JobId.Parse((string)row[table.IndexOf("job_id")]!),
                (int)(long)row[table.IndexOf("seq_nr")]!,
                (string)row[table.IndexOf("tenant")]!,
                (string)row[table.IndexOf("event")]!,
                (byte[])row[table.IndexOf("payload")]!,
                (DateTime)Cell.Convert(row[table.IndexOf("recorded_at")], CellKind.Time)!);
        }
        catch (Exception error) when (error is InvalidCastException or NullReferenceException or FormatException or InvalidOperationException)
        {
            throw HashChain.Broken(line, $"expected a row of the journal: {error.Message}");
        }
    }
}
