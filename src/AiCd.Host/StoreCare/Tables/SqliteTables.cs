using System.Runtime.CompilerServices;
using AiCd.Actors.Journal;
using Microsoft.Data.Sqlite;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>
/// The tables of a SQLite store, read or written in one transaction on a connection of its own. Those of the web are in a file beside it,
/// or, in a backup, in the same one.
/// </summary>
internal sealed class SqliteTables : ITableTarget
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly bool _webBeside;

    private SqliteTables(string name, SqliteConnection connection, SqliteTransaction transaction, bool webBeside)
    {
        Name = name;
        _connection = connection;
        _transaction = transaction;
        _webBeside = webBeside;
        Tables = ReadShapes();
    }

    public string Name { get; }

    public IReadOnlyList<TableShape> Tables { get; }

    /// <summary>Reads one moment of the file, also while a process writes to it.</summary>
    /// <param name="web">The file of the web's tables; null where there is none beside.</param>
    public static SqliteTables OpenRead(string file, string? web) => Open(file, web, SqliteOpenMode.ReadOnly);

    /// <summary>Keeps everybody else from writing until it is disposed.</summary>
    public static SqliteTables OpenWrite(string file, string? web) => Open(file, web, SqliteOpenMode.ReadWrite);

    public async IAsyncEnumerable<object?[]> ReadAsync(TableShape table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"select {string.Join(", ", table.Columns.Select(column => Quote(column.Name)))} from {Place(table.Name)} order by {string.Join(", ", table.Order.Select(Quote))}");
        await using var reader = Guard(() => command.ExecuteReader());
        while (Guard(reader.Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = Guard(() => reader.IsDBNull(i) ? null : reader.GetValue(i));
            }

            yield return row;
        }
    }

    public Task<long> CountAsync(TableShape table, CancellationToken cancellationToken)
    {
        using var command = Command($"select count(*) from {Place(table.Name)}");
        return Task.FromResult(Guard(() => (long)command.ExecuteScalar()!));
    }

    public Task ClearAsync(TableShape table, CancellationToken cancellationToken)
    {
        using var command = Command($"delete from {Place(table.Name)}");
        Guard(command.ExecuteNonQuery);
        return Task.CompletedTask;
    }

    public async Task WriteAsync(TableShape table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"insert into {Place(table.Name)} ({string.Join(", ", table.Columns.Select(column => Quote(column.Name)))}) "
            + $"values ({string.Join(", ", table.Columns.Select((_, i) => $"$p{i}"))})");
        var parameters = table.Columns.Select((_, i) => command.Parameters.AddWithValue($"$p{i}", DBNull.Value)).ToArray();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i].Value = row[i] ?? DBNull.Value;
            }

            Guard(command.ExecuteNonQuery);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        Guard(() =>
        {
            _transaction.Commit();
            return true;
        });
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static SqliteTables Open(string file, string? web, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            if (web is not null)
            {
                SqliteWebTables.Attach(connection, web);
            }

            var transaction = connection.BeginTransaction(deferred: mode == SqliteOpenMode.ReadOnly);
            if (mode != SqliteOpenMode.ReadOnly)
            {
                // Tables are filled in the order of their names, and are whole at the end.
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "pragma defer_foreign_keys = on";
                command.ExecuteNonQuery();
            }

            return new SqliteTables($"the store in {file}", connection, transaction, web is not null);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw new StoreUnusableException("unreachable", $"{file} cannot be opened: {error.Message}", error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private List<TableShape> ReadShapes()
    {
        var columns = new SortedDictionary<string, List<(TableColumn Column, long Key)>>(StringComparer.Ordinal);
        using var command = Command(string.Join(" union all ", (_webBeside ? ["main", SqliteWebTables.Schema] : (string[])["main"]).Select(schema =>
            $"select t.name, c.name, c.type, c.pk, c.cid from {schema}.sqlite_schema t join pragma_table_info(t.name, '{schema}') c "
            + "where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\'"
            + (_webBeside ? $" and (t.name like '{StoreTables.WebPrefix}%') = {(schema == "main" ? 0 : 1)}" : ""))) + " order by 1, 5");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (table, column) = (reader.GetString(0), reader.GetString(1));
            columns.TryAdd(table, []);
            columns[table].Add((new TableColumn(column, KindOf(table, column, reader.GetString(2))), reader.GetInt64(3)));
        }

        return [.. columns.Select(table => new TableShape(
            table.Key,
            [.. table.Value.Select(column => column.Column)],
            StoreTables.OrderOf(table.Key, KeyOf([.. table.Value.Where(column => column.Key > 0).OrderBy(column => column.Key).Select(column => column.Column.Name)]))))];
    }

    private static IReadOnlyList<string> KeyOf(IReadOnlyList<string> key) => key.Count > 0 ? key : ["rowid"];

    private static CellKind KindOf(string table, string column, string type) => type.ToUpperInvariant() switch
    {
        "INTEGER" or "INT" => CellKind.Integer,
        "TEXT" => CellKind.Text,
        "BLOB" => CellKind.Blob,
        "REAL" => CellKind.Real,
        _ => throw new StoreUnusableException("not_a_store", $"Column {table}.{column} is of type {type}, which no store has"),
    };

    private SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = text;
        command.CommandTimeout = 0;
        return command;
    }

    private string Place(string table) => $"{(_webBeside && StoreTables.IsOfWeb(table) ? SqliteWebTables.Schema : "main")}.{Quote(table)}";

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw new JournalException($"The store failed: {error.Message}", isTransient: false, error);
        }
    }
}
