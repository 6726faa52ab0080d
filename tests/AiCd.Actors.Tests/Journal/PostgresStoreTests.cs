using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Journal;

public sealed class PostgresStoreTests : StoreConformance
{
    private TestDatabase? _database;

    protected override async Task<IStore> OpenAsync()
    {
        _database ??= await PostgresServer.CreateDatabaseAsync(Token);
        return await PostgresStore.OpenAsync(_database.ConnectionString, cancellationToken: Token);
    }

    protected override ValueTask DeleteAsync() => _database!.DisposeAsync();
}
