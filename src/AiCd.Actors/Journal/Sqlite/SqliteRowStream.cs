using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>
/// Journal rows of one query, so of one moment, read in chunks off the caller's thread: a job cannot end halfway through its
/// events.
/// </summary>
internal static class SqliteRowStream
{
    private const int ChunkSize = 512;

    /// <param name="query">Prepares and binds a statement over the columns of the journal, in the schema's order.</param>
    public static async IAsyncEnumerable<JournalRow> ReadAsync(
        SqliteDatabase database, Func<SqliteSession, SqliteStatement> query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = await Task.Run(database.RentReader, cancellationToken);
        try
        {
            var statement = await Task.Run(() => Begin(session, query), cancellationToken);
            var interner = new RowInterner();
            var chunk = new List<JournalRow>(ChunkSize);
            bool more;
            do
            {
                chunk.Clear();
                more = await Task.Run(() => Fill(chunk, statement, interner), cancellationToken);
                foreach (var row in chunk)
                {
                    yield return row;
                }
            }
            while (more);
        }
        finally
        {
            database.ReturnReader(session);
        }
    }

    private static SqliteStatement Begin(SqliteSession session, Func<SqliteSession, SqliteStatement> query)
    {
        try
        {
            return query(session);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error);
        }
    }

    /// <returns>Whether there may be more.</returns>
    private static bool Fill(List<JournalRow> chunk, SqliteStatement statement, RowInterner interner)
    {
        try
        {
            while (chunk.Count < ChunkSize)
            {
                if (!statement.Step())
                {
                    return false;
                }

                chunk.Add(Map(statement, interner));
            }

            return true;
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error);
        }
    }

    private static JournalRow Map(SqliteStatement row, RowInterner interner) => new(
        row.Int32(0),
        row.Int64(1),
        interner.Job(row.Utf8(2)),
        row.Int32(3),
        interner.Text(row.Utf8(4)),
        interner.Text(row.Utf8(5)),
        row.Utf8(6).ToArray(),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(7)));
}
