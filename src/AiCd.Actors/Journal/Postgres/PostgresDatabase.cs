using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>How everything but appends talks to the database: a pooled connection for each call, errors translated.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source)
{
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }

    /// <summary>Runs statements in one round trip and, unless they say otherwise, in one transaction.</summary>
    public async Task<T> RunAsync<T>(Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken, params NpgsqlBatchCommand[] statements)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var result = await read(reader, cancellationToken);

            // The transaction ends with the last statement, and an error of that comes after the rows.
            while (await reader.NextResultAsync(cancellationToken))
            {
            }

            return result;
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }

    public Task RunAsync(CancellationToken cancellationToken, params NpgsqlBatchCommand[] statements) =>
        RunAsync(static (_, _) => Task.FromResult(true), cancellationToken, statements);

    /// <summary>The rows of the first of the statements that returns any.</summary>
    public Task<List<T>> QueryAsync<T>(Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken, params NpgsqlBatchCommand[] statements) =>
        RunAsync((reader, token) => ReadAllAsync(reader, map, token), cancellationToken, statements);

    public static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(reader));
        }

        return rows;
    }
}
