using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Journal.Sqlite;

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
