using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;

namespace AiCd.Benchmarks;

/// <summary>A fresh store of one of the engines, and what has to be put away afterwards.</summary>
internal sealed class BenchStore(IStore store, string description, Func<ValueTask> cleanUp) : IAsyncDisposable
{
    public IStore Store { get; } = store;

    public string Description { get; } = description;

    public static async Task<BenchStore> OpenAsync(string engine, string? postgres, CancellationToken cancellationToken)
    {
        switch (engine)
        {
            case "memory":
                return new BenchStore(new InMemoryStore(), "memory", () => ValueTask.CompletedTask);
            case "sqlite":
                var folder = Directory.CreateTempSubdirectory("aicd-bench-");
                return new BenchStore(
                    await SqliteStore.OpenAsync(folder.FullName, cancellationToken: cancellationToken),
                    "SQLite, WAL, synchronous=FULL",
                    () =>
                    {
                        folder.Delete(recursive: true);
                        return ValueTask.CompletedTask;
                    });
            case "postgres" when postgres is not null:
                return new BenchStore(
                    await PostgresStore.OpenAsync(postgres, cancellationToken: cancellationToken), "PostgreSQL as given", () => ValueTask.CompletedTask);
            case "postgres":
                var cluster = await PostgresServer.StartOwnAsync(cancellationToken: cancellationToken);
                var database = await cluster.CreateDatabaseAsync(cancellationToken);
                return new BenchStore(
                    await PostgresStore.OpenAsync(database.ConnectionString, cancellationToken: cancellationToken),
                    "PostgreSQL, private, default settings, fsync on",
                    cluster.DisposeAsync);
            default:
                throw new ArgumentException($"--store: expected postgres, sqlite or memory, got '{engine}'");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await cleanUp();
    }
}
