using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Store;

/// <summary>Opens the web's tables beside the store of the jobs: in its database, in a file of the same folder, or in memory.</summary>
internal static class WebStoreOpener
{
    public const string FileName = "web.db";

    private const string Module = "web";
    private const string NewestTable = "web_notifications";
    private const string Scripts = "AiCd.Web.Store.Migrations.";

    /// <param name="dataFolder">Of an embedded node.</param>
    public static async Task<SqlWebStore> OpenAsync(IStore jobs, string dataFolder, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var database = jobs switch
        {
            PostgresStore postgres => await OpenPostgresAsync(postgres, logger, cancellationToken),
            SqliteStore => OpenSqlite(SettingsOf(dataFolder), time),
            _ => OpenSqlite(new SqliteConnectionStringBuilder { DataSource = ":memory:", Pooling = false }, time),
        };
        var store = new SqlWebStore(database);
        var everything = new Tenant(Tenant.Default, "Default", ["*"], [], null, null, null, time.GetUtcNow(), Suspended: false);
        await store.AddTenantAsync(everything, cancellationToken);
        return store;
    }

    /// <summary>To look at what is there, beside whoever writes.</summary>
    /// <returns>Null where no node of this version has served anything yet.</returns>
    public static async Task<SqlWebStore?> OpenReadOnlyAsync(IStore jobs, string dataFolder, CancellationToken cancellationToken)
    {
        if (jobs is PostgresStore postgres)
        {
            var database = WebDatabase.Of(postgres.DataSource);
            return (await database.QueryAsync<bool>($"select to_regclass('{NewestTable}') is not null", null, cancellationToken))[0] ? new SqlWebStore(database) : null;
        }

        var path = Path.Combine(dataFolder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (connection.ExecuteScalar<long>($"select count(*) from sqlite_master where name = '{NewestTable}'") > 0)
            {
                return new SqlWebStore(WebDatabase.Of(connection));
            }
        }
        catch (SqliteException error)
        {
            await connection.DisposeAsync();
            throw new StoreUnusableException("not_readable", $"{path} cannot be read: {error.Message}", error);
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Makes the web's tables of a data folder, which the caller holds, or brings them up to date.</summary>
    public static void Migrate(string dataFolder, TimeProvider time)
    {
        using var connection = ConnectSqlite(SettingsOf(dataFolder), time);
    }

    /// <summary>Makes the web's tables, or brings them up to date.</summary>
    public static Task MigrateAsync(PostgresStore store, ILogger logger, CancellationToken cancellationToken) => PostgresMigrator.ApplyAsync(
        store.DataSource, MigrationScript.Load(typeof(WebStoreOpener).Assembly, Module, Scripts + "Postgres."), logger, cancellationToken);

    private static async Task<WebDatabase> OpenPostgresAsync(PostgresStore store, ILogger logger, CancellationToken cancellationToken)
    {
        await MigrateAsync(store, logger, cancellationToken);
        return WebDatabase.Of(store.DataSource);
    }

    private static SqliteConnectionStringBuilder SettingsOf(string dataFolder) => new() { DataSource = Path.Combine(dataFolder, FileName), Pooling = false };

    private static WebDatabase OpenSqlite(SqliteConnectionStringBuilder settings, TimeProvider time) => WebDatabase.Of(ConnectSqlite(settings, time));

    private static SqliteConnection ConnectSqlite(SqliteConnectionStringBuilder settings, TimeProvider time)
    {
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            if (File.Exists(settings.DataSource) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(settings.DataSource, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 2000");
            Migrate(connection, time);
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw new StoreUnusableException("not_writable", $"{settings.DataSource} cannot be used: {error.Message}", error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, TimeProvider time)
    {
        connection.Execute(
            "create table if not exists migrations (module text not null, number integer not null, name text not null, checksum text not null, "
            + "applied_at integer not null, primary key (module, number)) strict");
        var applied = connection.Query<(long Number, string Checksum)>("select number, checksum from migrations where module = @Module", new { Module }).ToList();
        var scripts = MigrationScript.Load(typeof(WebStoreOpener).Assembly, Module, Scripts + "Sqlite.");
        foreach (var (number, checksum) in applied)
        {
            if (scripts.FirstOrDefault(script => script.Number == number) is not { } script || script.Checksum != checksum)
            {
                throw new StoreUnusableException("newer_version", $"{connection.DataSource} was written by another version: this program does not know its migration {number}");
            }
        }

        foreach (var script in scripts.Where(script => applied.All(done => done.Number != script.Number)))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(script.Sql, transaction: transaction);
            connection.Execute(
                "insert into migrations (module, number, name, checksum, applied_at) values (@Module, @Number, @Name, @Checksum, @At)",
                new { script.Module, script.Number, script.Name, script.Checksum, At = time.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction);
            transaction.Commit();
        }
    }
}
