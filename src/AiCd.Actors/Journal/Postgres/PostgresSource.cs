using System.Data.Common;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>The pool of connections, with what the engine needs set wherever the connection string does not say otherwise.</summary>
internal static class PostgresSource
{
    private const int OldestVersion = 14;
    private const int BufferSize = 65536;

    /// <summary>Of one node. Several nodes share what the server has, a hundred connections by default; whoever finds none free waits.</summary>
    private const int PoolSize = 20;

    public static NpgsqlDataSource Create(string connectionString)
    {
        try
        {
            var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            var settings = builder.ConnectionStringBuilder;
            settings.ApplicationName ??= "aicd";
            settings.AutoPrepareMinUsages = 2;
            settings.ReadBufferSize = Math.Max(settings.ReadBufferSize, BufferSize);
            settings.WriteBufferSize = Math.Max(settings.WriteBufferSize, BufferSize);
            if (!given.ContainsKey("Max Auto Prepare") && !given.ContainsKey("MaxAutoPrepare"))
            {
                // Zero, set by hand, is for a pooler in between that does not follow prepared statements.
                settings.MaxAutoPrepare = 64;
            }

            if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize"))
            {
                settings.MaxPoolSize = Math.Max(settings.MinPoolSize, PoolSize);
            }

            return builder.Build();
        }
        catch (ArgumentException error)
        {
            throw new StoreUnusableException("unreachable", $"The connection string cannot be used: {error.Message}", error);
        }
    }

    /// <exception cref="StoreUnusableException"><c>unreachable</c>, <c>too_old</c> or <c>not_writable</c>.</exception>
    public static async Task VerifyAsync(NpgsqlDataSource source, bool forWriting, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < OldestVersion)
            {
                throw new StoreUnusableException("too_old", $"The server is PostgreSQL {connection.PostgreSqlVersion}, at least {OldestVersion} is needed");
            }

            if (!forWriting)
            {
                return;
            }

            await using var command = new NpgsqlCommand("select current_setting('transaction_read_only')::bool", connection);
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
            {
                throw new StoreUnusableException("not_writable", $"The database {connection.Database} takes no writes: it is read only, or a standby");
            }
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.TranslateOpening(error);
        }
    }
}
