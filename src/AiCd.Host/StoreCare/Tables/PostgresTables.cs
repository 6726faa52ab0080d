using System.Data;
using System.Runtime.CompilerServices;
using AiCd.Actors.Journal;
using Npgsql;
using NpgsqlTypes;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>The tables of a store in PostgreSQL, read or written in one transaction on a connection of its own.</summary>
internal sealed class PostgresTables : ITableTarget
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly PostgresShapes _shapes;

    private PostgresTables(NpgsqlConnection connection, NpgsqlTransaction transaction, PostgresShapes shapes)
    {
        _connection = connection;
        _transaction = transaction;
        _shapes = shapes;
        Name = $"the database {connection.Database} on {connection.Host}";
    }

    public string Name { get; }

    public IReadOnlyList<TableShape> Tables => _shapes.Tables;

    /// <summary>Reads one moment of the database, also while nodes write to it.</summary>
    /// <param name="hold">Refuses a database on which a node lives, and keeps nodes from taking shards until the end.</param>
    public static async Task<PostgresTables> OpenReadAsync(string connectionString, bool hold, CancellationToken cancellationToken)
    {
        var tables = await OpenAsync(connectionString, IsolationLevel.RepeatableRead, hold ? "lock table shards in share mode" : null, cancellationToken);
        return hold ? await tables.RefuseIfInUseAsync(cancellationToken) : tables;
    }

    /// <summary>Refuses a database on which a node lives, and keeps everybody else from writing until the end.</summary>
    public static async Task<PostgresTables> OpenWriteAsync(string connectionString, CancellationToken cancellationToken)
    {
        var tables = await OpenAsync(connectionString, IsolationLevel.ReadCommitted, "lock table shards, nodes, meta in exclusive mode", cancellationToken);
        return await tables.RefuseIfInUseAsync(cancellationToken);
    }

    public async IAsyncEnumerable<object?[]> ReadAsync(TableShape table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var order = table.Order.Select(column => $"{Quote(column)}{(_shapes.Columns[(table.Name, column)].Kind == CellKind.Text ? " collate \"C\"" : "")}");
        await using var command = Command(
            $"select {string.Join(", ", table.Columns.Select(column => Read(table.Name, column.Name)))} from {Quote(table.Name)} order by {string.Join(", ", order)}");
        await using var reader = await GuardAsync(() => command.ExecuteReaderAsync(cancellationToken));
        while (await GuardAsync(() => reader.ReadAsync(cancellationToken)))
        {
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i) switch
                {
                    short number => (long)number,
                    int number => (long)number,
                    var value => value,
                };
            }

            yield return row;
        }
    }

    public async Task<long> CountAsync(TableShape table, CancellationToken cancellationToken)
    {
        await using var command = Command($"select count(*) from {Quote(table.Name)}");
        return (long)(await GuardAsync(() => command.ExecuteScalarAsync(cancellationToken)))!;
    }

    public async Task ClearAsync(TableShape table, CancellationToken cancellationToken) =>
        await ExecuteAsync($"delete from {Quote(table.Name)}", cancellationToken);

    public async Task WriteAsync(TableShape table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        // By arrays and not by COPY, which tables with row-level security refuse.
        await using var insert = new PostgresInsert(_connection, _transaction, table, [.. table.Columns.Select(column => _shapes.Columns[(table.Name, column.Name)])]);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (insert.Add(row))
            {
                await GuardAsync(() => insert.SendAsync(cancellationToken));
            }
        }

        await GuardAsync(() => insert.SendAsync(cancellationToken));
        foreach (var column in table.Columns.Where(column => _shapes.Columns[(table.Name, column.Name)].Identity))
        {
            // A number that the database gives must follow those that came with the rows.
            await ExecuteAsync(
                $"select setval(pg_get_serial_sequence('{Quote(table.Name)}', '{column.Name}'), coalesce(max({Quote(column.Name)}), 0) + 1, false) from {Quote(table.Name)}",
                cancellationToken);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await _transaction.CommitAsync(cancellationToken);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static async Task<PostgresTables> OpenAsync(
        string connectionString, IsolationLevel isolation, string? first, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            if (first is not null)
            {
                await using var command = new NpgsqlCommand($"set local lock_timeout = '5s'; {first}", connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return new PostgresTables(connection, transaction, await PostgresShapes.ReadAsync(connection, cancellationToken));
        }
        catch (PostgresException error)
        {
            await connection.DisposeAsync();
            throw error.SqlState switch
            {
                PostgresErrorCodes.UndefinedTable => new StoreUnusableException("not_found", $"There is no store in the database {connection.Database}: `aicd db migrate` makes one", error),
                PostgresErrorCodes.LockNotAvailable => new StoreUnusableException("in_use", $"The database {connection.Database} is in use: its tables are locked", error),
                _ => new StoreUnusableException("unreachable", $"The database cannot be used: {error.MessageText} ({error.SqlState})", error),
            };
        }
        catch (NpgsqlException error)
        {
            await connection.DisposeAsync();
            throw new StoreUnusableException("unreachable", $"The database cannot be reached: {error.Message}", error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<PostgresTables> RefuseIfInUseAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("select string_agg(name, ', ' order by name) from nodes where expires_at > clock_timestamp()");
        if (await GuardAsync(() => command.ExecuteScalarAsync(cancellationToken)) is string nodes)
        {
            await DisposeAsync();
            throw new StoreUnusableException("in_use", $"{Name} is in use by {nodes}: stop its nodes first");
        }

        return this;
    }

    private string Read(string table, string column) =>
        _shapes.Columns[(table, column)].Type == NpgsqlDbType.Jsonb ? $"{Quote(column)}::text" : Quote(column);

    private async Task ExecuteAsync(string text, CancellationToken cancellationToken)
    {
        await using var command = Command(text);
        await GuardAsync(() => command.ExecuteNonQueryAsync(cancellationToken));
    }

    private NpgsqlCommand Command(string text) => new(text, _connection, _transaction);

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException error)
        {
            throw new JournalException($"The database failed: {error.Message}", isTransient: false, error);
        }
    }
}
