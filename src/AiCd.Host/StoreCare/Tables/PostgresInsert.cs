using Npgsql;
using NpgsqlTypes;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>Inserts rows by arrays of their columns, many in one round trip.</summary>
internal sealed class PostgresInsert : IAsyncDisposable
{
    private const int RowsPerTrip = 2_000;
    private const long BytesPerTrip = 8 * 1024 * 1024;

    private readonly NpgsqlCommand _command;
    private readonly PostgresColumn[] _columns;
    private readonly List<object?[]> _rows = [];
    private long _bytes;

    public PostgresInsert(NpgsqlConnection connection, NpgsqlTransaction transaction, TableShape table, PostgresColumn[] columns)
    {
        _columns = columns;
        var names = string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""));
        var arrays = string.Join(", ", columns.Select((column, i) => column.Type == NpgsqlDbType.Jsonb ? $"${i + 1}::text[]::jsonb[]" : $"${i + 1}"));
        _command = new NpgsqlCommand($"insert into \"{table.Name}\" ({names}) overriding system value select * from unnest({arrays})", connection, transaction)
        {
            CommandTimeout = 0,
        };
    }

    /// <returns>True where it is time to send.</returns>
    public bool Add(object?[] row)
    {
        _rows.Add(row);
        _bytes += row.Sum(cell => cell switch { byte[] bytes => bytes.Length, string text => text.Length, _ => sizeof(long) });
        return _rows.Count >= RowsPerTrip || _bytes >= BytesPerTrip;
    }

    public async Task<int> SendAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count == 0)
        {
            return 0;
        }

        _command.Parameters.Clear();
        for (var i = 0; i < _columns.Length; i++)
        {
            _command.Parameters.Add(ArrayOf(_columns[i].Type, [.. _rows.Select(row => row[i])]));
        }

        _rows.Clear();
        _bytes = 0;
        return await _command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private static NpgsqlParameter ArrayOf(NpgsqlDbType type, object?[] cells) => type switch
    {
        NpgsqlDbType.Smallint => Array(type, cells, cell => (short?)(long?)cell),
        NpgsqlDbType.Integer => Array(type, cells, cell => (int?)(long?)cell),
        NpgsqlDbType.Bigint => Array(type, cells, cell => (long?)cell),
        NpgsqlDbType.Double => Array(type, cells, cell => (double?)cell),
        NpgsqlDbType.Boolean => Array(type, cells, cell => (bool?)cell),
        NpgsqlDbType.TimestampTz => Array(type, cells, cell => (DateTime?)cell),
        NpgsqlDbType.Uuid => Array(type, cells, cell => (Guid?)cell),
        NpgsqlDbType.Bytea => Array(type, cells, cell => (byte[]?)cell),
        _ => Array(NpgsqlDbType.Text, cells, cell => (string?)cell),
    };

    private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType type, object?[] cells, Func<object?, T> read) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. cells.Select(read)] };
}
