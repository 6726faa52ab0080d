using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class EmbeddedKillTests : KillTests
{
    private protected override Task<Workbench> CreateAsync() => Workbench.CreateAsync();
}

/// <summary>The database outlives the process, and so does its lease: whoever goes on waits for the end of that.</summary>
public sealed class PostgresKillTests : KillTests, IAsyncLifetime
{
    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    private protected override Task<Workbench> CreateAsync() => Workbench.CreateAsync(_database);
}
