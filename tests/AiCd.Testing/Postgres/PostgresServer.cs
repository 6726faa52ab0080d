namespace AiCd.Testing;

/// <summary>
/// Real PostgreSQL for tests: one private cluster for all tests of a process, started on first use and gone with the
/// process; or one for a test that stops and kills it.
/// </summary>
public static class PostgresServer
{
    /// <summary>Names a running server to use in place of the shared private cluster.</summary>
    public const string ConnectionVariable = "AICD_TEST_POSTGRES";

    // Started for all tests, so no single test's cancellation may end it; a failure to start is every test's failure.
    private static readonly Lazy<Task<SharedServer>> Shared = new(StartSharedAsync);

    /// <summary>A fresh database on the shared server.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        var server = await Shared.Value.WaitAsync(cancellationToken);
        return await server.Databases.CreateAsync(cancellationToken);
    }

    /// <summary>A cluster of the test's own, to be stopped, killed and started again at will.</summary>
    public static Task<PostgresCluster> StartOwnAsync(
        PostgresOptions? options = null, CancellationToken cancellationToken = default) =>
        PostgresCluster.CreateAsync(options ?? new PostgresOptions(), cancellationToken);

    private static async Task<SharedServer> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable(ConnectionVariable) is { Length: > 0 } given)
        {
            return new SharedServer(new DatabaseFactory(given), PrivateCluster: null);
        }

        var cluster = await StartOwnAsync();
        return new SharedServer(new DatabaseFactory(cluster.AdminConnectionString), cluster);
    }

    // The cluster is held because its watchdog ends it as soon as the pipe between them is collected.
    private sealed record SharedServer(DatabaseFactory Databases, PostgresCluster? PrivateCluster);
}
