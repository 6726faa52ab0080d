using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>Brings a database to the schema that the program knows, one transaction a script.</summary>
internal static class SqliteMigrator
{
    // "AiCd" in ASCII: tells a store from any other SQLite database, whose tables must not be touched.
    private const long ApplicationId = 0x41694364;

    /// <summary>The folder's lock is held: nobody else migrates at the same time.</summary>
    public static void Apply(SqliteSession session, IReadOnlyList<MigrationScript> scripts, string file, TimeProvider time, ILogger logger)
    {
        if (IsEmpty(session))
        {
            session.Execute($"pragma application_id = {ApplicationId}");
            session.Execute(
                "create table if not exists migrations (module text not null, number integer not null, name text not null, checksum text not null, applied_at integer not null, primary key (module, number)) strict");
        }

        ThrowIfForeign(session, file);
        foreach (var script in MigrationPlan.Pending(scripts, ReadApplied(session, scripts[0].Module), file))
        {
            Apply(session, script, time);
            StoreLog.Migrated(logger, file, script.Module, script.Number, script.Name);
        }
    }

    /// <summary>For readers, who may not change anything.</summary>
    public static void ThrowIfDifferent(SqliteSession session, IReadOnlyList<MigrationScript> scripts, string file)
    {
        ThrowIfForeign(session, file);
        if (MigrationPlan.Pending(scripts, ReadApplied(session, scripts[0].Module), file).Count > 0)
        {
            throw new StoreUnusableException("older_version", $"{file} was written by an older version; it is brought up to date when a command that writes opens it");
        }
    }

    private static bool IsEmpty(SqliteSession session) =>
        session.Query("select count(*) from sqlite_schema", statement => statement.Int64(0)) == 0;

    private static void ThrowIfForeign(SqliteSession session, string file)
    {
        if (session.Query("pragma application_id", statement => statement.Int64(0)) != ApplicationId)
        {
            throw new StoreUnusableException("not_a_store", $"{file} is not a store: it is a database of some other program");
        }
    }

    private static List<AppliedMigration> ReadApplied(SqliteSession session, string module)
    {
        var applied = new List<AppliedMigration>();
        var statement = session.Prepare("select number, name, checksum from migrations where module = ? order by number").Bind(1, module);
        while (statement.Step())
        {
            applied.Add(new AppliedMigration(statement.Int32(0), statement.Text(1), statement.Text(2)));
        }

        return applied;
    }

    private static void Apply(SqliteSession session, MigrationScript script, TimeProvider time)
    {
        session.Begin();
        try
        {
            session.Execute(script.Sql);
            session.Prepare("insert into migrations (module, number, name, checksum, applied_at) values (?, ?, ?, ?, ?)")
                .Bind(1, script.Module)
                .Bind(2, script.Number)
                .Bind(3, script.Name)
                .Bind(4, script.Checksum)
                .Bind(5, time.GetUtcNow().ToUnixTimeMilliseconds())
                .Run();
            session.Commit();
        }
        finally
        {
            session.Rollback();
        }
    }
}
