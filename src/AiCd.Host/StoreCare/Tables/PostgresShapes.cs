using AiCd.Actors.Journal;
using Npgsql;
using NpgsqlTypes;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>What the catalogue of a PostgreSQL database says about the tables of its first schema.</summary>
internal sealed record PostgresShapes(IReadOnlyList<TableShape> Tables, IReadOnlyDictionary<(string Table, string Column), PostgresColumn> Columns)
{
    private const string Query = """
        select c.relname, a.attname, format_type(a.atttypid, null), a.attidentity <> '',
            (select k.place from pg_index i cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
             where i.indrelid = c.oid and i.indisprimary and k.attnum = a.attnum)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid
        where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by c.relname, a.attnum
        """;

    public static async Task<PostgresShapes> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var keys = new SortedDictionary<string, List<(TableColumn Column, long? Key)>>(StringComparer.Ordinal);
        var columns = new Dictionary<(string, string), PostgresColumn>();
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (table, column) = (reader.GetString(0), reader.GetString(1));
            keys.TryAdd(table, []);
            if (TypeOf(reader.GetString(2), reader.GetBoolean(3)) is not { } type)
            {
                // What is made again from the journal may be of any type: it is not read.
                RefuseIfCarried(table, column, reader.GetString(2));
                continue;
            }

            columns.Add((table, column), type);
            keys[table].Add((new TableColumn(column, type.Kind), reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        }

        return new PostgresShapes([.. keys.Select(table => ShapeOf(table.Key, table.Value))], columns);
    }

    private static TableShape ShapeOf(string table, List<(TableColumn Column, long? Key)> columns)
    {
        var key = columns.Where(column => column.Key is not null).OrderBy(column => column.Key).Select(column => column.Column.Name).ToList();
        return new TableShape(
            table,
            [.. columns.Select(column => column.Column)],
            StoreTables.OrderOf(table, key.Count > 0 ? key : [.. columns.Select(column => column.Column.Name)]));
    }

    private static PostgresColumn? TypeOf(string type, bool identity) => type switch
    {
        "smallint" => new(CellKind.Integer, NpgsqlDbType.Smallint, identity),
        "integer" => new(CellKind.Integer, NpgsqlDbType.Integer, identity),
        "bigint" => new(CellKind.Integer, NpgsqlDbType.Bigint, identity),
        "text" or "character varying" => new(CellKind.Text, NpgsqlDbType.Text, identity),
        "jsonb" => new(CellKind.Text, NpgsqlDbType.Jsonb, identity),
        "tsvector" => new(CellKind.Text, NpgsqlDbType.TsVector, identity),
        "bytea" => new(CellKind.Blob, NpgsqlDbType.Bytea, identity),
        "double precision" => new(CellKind.Real, NpgsqlDbType.Double, identity),
        "boolean" => new(CellKind.Boolean, NpgsqlDbType.Boolean, identity),
        "timestamp with time zone" => new(CellKind.Time, NpgsqlDbType.TimestampTz, identity),
        "uuid" => new(CellKind.Uuid, NpgsqlDbType.Uuid, identity),
        _ => null,
    };

    private static void RefuseIfCarried(string table, string column, string type)
    {
        if (StoreTables.IsCarried(table))
        {
            throw new StoreUnusableException("not_a_store", $"Column {table}.{column} is of type {type}, which no store has");
        }
    }
}

/// <param name="Identity">Whether the database numbers the rows itself.</param>
internal sealed record PostgresColumn(CellKind Kind, NpgsqlDbType Type, bool Identity);
