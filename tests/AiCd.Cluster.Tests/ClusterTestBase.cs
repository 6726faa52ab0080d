using AiCd.Benchmarks.Cluster;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;

namespace AiCd.Cluster.Tests;

/// <summary>A database of the test's own, and node processes on it.</summary>
public abstract class ClusterTestBase : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    protected TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await PostgresServer.CreateDatabaseAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<BenchCluster> StartAsync(int nodes, NodeSettings settings) =>
        BenchCluster.StartAsync(Database.ConnectionString, nodes, settings, Token);

    protected async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }
}
