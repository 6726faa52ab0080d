using System.Runtime.CompilerServices;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Journal rows as they arrive, of one statement and so of one moment.</summary>
internal static class PostgresRowStream
{
    private const int LongestText = 256;

    // For this transaction. The planner guesses high where it knows little, and compiling a query would take longer than running it.
    private const string NoCompilation = "select set_config('jit', 'off', true)";

    public static async IAsyncEnumerable<JournalRow> ReadAsync(
        PostgresDatabase database, string text, NpgsqlParameter[] parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Sql.Statement(NoCompilation), Sql.Statement(text, parameters) },
        };
        await using var reader = await BeginAsync(batch, cancellationToken);
        var interner = new RowInterner();
        var buffer = new byte[LongestText];
        while (await NextAsync(reader, cancellationToken))
        {
            yield return Map(reader, interner, buffer);
        }
    }

    private static async Task<NpgsqlDataReader> BeginAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return reader;
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }

    private static async ValueTask<bool> NextAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }

    private static JournalRow Map(NpgsqlDataReader row, RowInterner interner, byte[] buffer) => new(
        row.GetInt32(0),
        row.GetInt64(1),
        interner.Job(Utf8(row, 2, buffer)),
        row.GetInt32(3),
        interner.Text(Utf8(row, 4, buffer)),
        interner.Text(Utf8(row, 5, buffer)),
        row.GetFieldValue<byte[]>(6),
        new DateTimeOffset(row.GetDateTime(7)));

    /// <summary>The bytes of a text, without the string that would be made of them for every row.</summary>
    private static ReadOnlySpan<byte> Utf8(NpgsqlDataReader row, int column, byte[] buffer)
    {
        var length = row.GetBytes(column, 0, null, 0, 0);
        return length <= buffer.Length
            ? buffer.AsSpan(0, (int)row.GetBytes(column, 0, buffer, 0, (int)length))
            : row.GetFieldValue<byte[]>(column);
    }
}
