using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Tests.Journal;

/// <summary>What every engine promises. One class for each engine says how to open it; the promises stand in the files beside this one.</summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected IStore Store { get; private set; } = null!;

    private IJournal Journal => Store.Journal;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's own store, the first time or again.</summary>
    protected abstract Task<IStore> OpenAsync();

    protected abstract ValueTask DeleteAsync();

    /// <summary>Closes the store and opens it again, where the engine's data outlive it.</summary>
    protected virtual async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    private async Task<List<JournalRow>> ReadAsync(params JobId[] jobs) =>
        await Journal.ReadJobsAsync(jobs, Token).ToListAsync(Token);

    private async Task<List<JournalRow>> ReadShardAsync(int shard, long after = 0, int limit = int.MaxValue) =>
        await Journal.ReadShardAsync(shard, after, limit, Token).ToListAsync(Token);

    private async Task<List<JournalRow>> ReadActiveAsync(params int[] shards) =>
        await Journal.ReadActiveAsync(shards, Token).ToListAsync(Token);
}
