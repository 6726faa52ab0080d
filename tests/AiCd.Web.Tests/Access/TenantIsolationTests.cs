using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;

namespace AiCd.Web.Tests.Access;

public sealed class InMemoryTenantIsolationTests : TenantIsolation
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new InMemoryStore(8));
}

public sealed class SqliteTenantIsolationTests : TenantIsolation
{
    private readonly TemporaryFolder _folder = new();

    protected override async Task<IStore> OpenAsync() => await SqliteStore.OpenAsync(_folder.Location, 8);

    protected override ValueTask CloseAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresTenantIsolationTests : TenantIsolation
{
    private TestDatabase? _database;

    protected override async Task<IStore> OpenAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        var store = await PostgresStore.OpenAsync(_database.ConnectionString, 8);
        store.IsIsolated.ShouldBeTrue();
        return store;
    }

    protected override ValueTask CloseAsync() => _database!.DisposeAsync();
}
