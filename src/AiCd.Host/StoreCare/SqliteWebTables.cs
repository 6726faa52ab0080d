using AiCd.Host.StoreCare.Tables;
using Microsoft.Data.Sqlite;

namespace AiCd.Host.StoreCare;

/// <summary>The web's tables of a data folder: a file beside the store's, and in a backup, which is one file, tables among the store's.</summary>
internal sealed class SqliteWebTables
{
    /// <summary>The name under which the other file is known on a connection.</summary>
    public const string Schema = "web";

    private const string OfWeb = $"like '{StoreTables.WebPrefix}%'";

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;

    private SqliteWebTables(SqliteConnection connection, SqliteTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static void Attach(SqliteConnection connection, string file)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"attach $file as {Schema}";
        command.Parameters.AddWithValue("$file", file);
        command.ExecuteNonQuery();
    }

    /// <summary>Copies the tables, as they are at one moment, from another file into that of the connection.</summary>
    public static void Take(SqliteConnection connection, string from)
    {
        Attach(connection, from);
        using (var transaction = connection.BeginTransaction(deferred: true))
        {
            new SqliteWebTables(connection, transaction).Take();
            transaction.Commit();
        }

        using var detach = connection.CreateCommand();
        detach.CommandText = $"detach {Schema}";
        detach.ExecuteNonQuery();
    }

    private void Take()
    {
        var tables = Texts($"select name from {Schema}.sqlite_schema where type = 'table' and name {OfWeb}");
        if (tables.Count == 0)
        {
            return;
        }

        Run("pragma defer_foreign_keys = on");

        // What a schema keeps names no schema, so it is made in the connection's own file.
        Texts($"select sql from {Schema}.sqlite_schema where type = 'table' and (name {OfWeb} or name = '{StoreTables.Migrations}' "
            + $"and not exists (select 1 from main.sqlite_schema where name = '{StoreTables.Migrations}'))").ForEach(Run);
        tables.ForEach(table => Run($"insert into main.{table} select * from {Schema}.{table}"));
        Run($"insert into main.{StoreTables.Migrations} select * from {Schema}.{StoreTables.Migrations} where module = '{Schema}'");
        Texts($"select sql from {Schema}.sqlite_schema where type = 'index' and tbl_name {OfWeb} and sql is not null").ForEach(Run);
    }

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private List<string> Texts(string sql)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        (command.Transaction, command.CommandText) = (_transaction, sql);
        return command;
    }
}
