using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Brings a database to the schema that the program knows, in one transaction; of processes that start at once one does it.</summary>
public static class PostgresMigrator
{
    private const long LockKey = 0x41694364;

    /// <param name="scripts">All scripts of one module.</param>
    /// <exception cref="StoreUnusableException"><c>newer_version</c>, <c>not_a_store</c>, <c>not_writable</c> or <c>unreachable</c>.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource source, IReadOnlyList<MigrationScript> scripts, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);

            // Looked at first without a lock: a role that may use the tables but not make any can start on a store that is complete.
            if ((await PendingAsync(connection, scripts, cancellationToken)).Count > 0)
            {
                await MigrateAsync(connection, scripts, logger, cancellationToken);
            }
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.TranslateOpening(error);
        }
    }

    /// <summary>For readers, who may not change anything.</summary>
    /// <exception cref="StoreUnusableException"><c>not_found</c>, <c>older_version</c>, <c>newer_version</c>, <c>not_a_store</c> or <c>unreachable</c>.</exception>
    public static async Task ThrowIfDifferentAsync(NpgsqlDataSource source, IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var pending = await PendingAsync(connection, scripts, cancellationToken);
            if (pending.Count == scripts.Count)
            {
                throw new StoreUnusableException("not_found", $"There is no store in the database {connection.Database}: no command that writes has run there yet");
            }

            if (pending.Count > 0)
            {
                throw new StoreUnusableException(
                    "older_version", $"The database {connection.Database} was written by an older version; it is brought up to date when a command that writes opens it");
            }
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.TranslateOpening(error);
        }
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, IReadOnlyList<MigrationScript> scripts, ILogger logger, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await ExecuteAsync(
            connection,
            "create table if not exists migrations (module text not null, number int not null, name text not null, checksum text not null, "
            + "applied_at timestamptz not null default clock_timestamp(), primary key (module, number))",
            cancellationToken);
        var pending = await PendingAsync(connection, scripts, cancellationToken);
        foreach (var script in pending)
        {
            await ExecuteAsync(connection, script.Sql, cancellationToken);
            await ExecuteAsync(
                connection,
                "insert into migrations (module, number, name, checksum) values ($1, $2, $3, $4)",
                cancellationToken,
                Sql.Value(script.Module),
                Sql.Value(script.Number),
                Sql.Value(script.Name),
                Sql.Value(script.Checksum));
        }

        await transaction.CommitAsync(cancellationToken);
        foreach (var script in pending)
        {
            StoreLog.Migrated(logger, connection.Database, script.Module, script.Number, script.Name);
        }
    }

    private static async Task<IReadOnlyList<MigrationScript>> PendingAsync(NpgsqlConnection connection, IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('migrations') is not null", connection);
        var applied = (bool)(await exists.ExecuteScalarAsync(cancellationToken))!
            ? await ReadAppliedAsync(connection, scripts[0].Module, cancellationToken)
            : [];
        return MigrationPlan.Pending(scripts, applied, $"The database {connection.Database}");
    }

    private static async Task<List<AppliedMigration>> ReadAppliedAsync(NpgsqlConnection connection, string module, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select number, name, checksum from migrations where module = $1 order by number", connection);
        command.Parameters.Add(Sql.Value(module));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await PostgresDatabase.ReadAllAsync(reader, row => new AppliedMigration(row.GetInt32(0), row.GetString(1), row.GetString(2)), cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
