using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;
using Npgsql;

namespace AiCd.Actors.Tests.Engines;

public sealed class InMemoryEngineTests : EngineConformance
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new InMemoryStore(time: Time));
}

public sealed class SqliteEngineTests : EngineConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override async Task<IStore> OpenAsync() => await SqliteStore.OpenAsync(_folder.Location, time: Time, cancellationToken: Token);

    protected override ValueTask DeleteAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class InMemoryClusterTests : ClusterConformance
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new InMemoryStore(time: Time, shared: true));

    // Its clock is the test's, and all leases end by it: only this one is to.
    protected override Task ExpireAsync(string incarnation) => Store.Nodes.LeaveAsync(incarnation, Token);
}

public sealed class PostgresClusterTests : ClusterConformance
{
    private TestDatabase? _database;

    protected override async Task<IStore> OpenAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync(Token);
        return await PostgresStore.OpenAsync(_database.ConnectionString, cancellationToken: Token);
    }

    protected override ValueTask DeleteAsync() => _database!.DisposeAsync();

    // The database's clock is the only judge: to let time pass is to move what it compares with.
    protected override async Task ExpireAsync(string incarnation)
    {
        await using var connection = await _database!.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand("update nodes set expires_at = clock_timestamp() - interval '1 millisecond' where incarnation = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = incarnation });
        (await command.ExecuteNonQueryAsync(Token)).ShouldBe(1);
    }
}
