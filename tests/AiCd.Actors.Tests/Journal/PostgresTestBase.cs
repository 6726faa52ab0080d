using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Testing;
using Npgsql;

namespace AiCd.Actors.Tests.Journal;

/// <summary>A database of the test's own, and eyes and hands on it beside the store.</summary>
public abstract class PostgresTestBase : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await PostgresServer.CreateDatabaseAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<PostgresStore> OpenAsync(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        change?.Invoke(settings);
        return PostgresStore.OpenAsync(settings.ConnectionString, cancellationToken: Token);
    }

    protected async Task<string> RefusalAsync(Action<NpgsqlConnectionStringBuilder>? change = null) =>
        (await Should.ThrowAsync<StoreUnusableException>(() => OpenAsync(change))).Code;

    protected async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>Locks the shard's row, so that appends to it wait until the returned transaction ends.</summary>
    protected async Task<NpgsqlTransaction> LockShardAsync(int shard)
    {
        var connection = await Database.OpenConnectionAsync(Token);
        var transaction = await connection.BeginTransactionAsync(Token);
        await using var command = new NpgsqlCommand($"select from shards where shard = {shard} for update", connection, transaction);
        await command.ExecuteNonQueryAsync(Token);
        return transaction;
    }

    /// <returns>Process ids of so many sessions that wait for a lock, once there are that many.</returns>
    protected async Task<int[]> WaitForWaitingAsync(int sessions)
    {
        while (true)
        {
            var waiting = await QueryAsync<int[]>(
                "select array(select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' order by query_start)");
            if (waiting.Length >= sessions)
            {
                return waiting;
            }
        }
    }
}
