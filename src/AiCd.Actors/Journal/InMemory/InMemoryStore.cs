using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.InMemory;

/// <summary>A store that lives as long as its process, for trials and tests; it keeps every promise of the contracts but durability.</summary>
public sealed class InMemoryStore : IStore
{
    /// <param name="shared">True for several nodes in this process, with leases as a cluster has them.</param>
    public InMemoryStore(int shardCount = StoreDefaults.ShardCount, TimeProvider? time = null, bool shared = false)
    {
        StoreDefaults.ThrowIfNotShardCount(shardCount);
        var data = new InMemoryData(shardCount, time ?? TimeProvider.System);
        ShardCount = shardCount;
        IsShared = shared;
        Inbox = new InMemoryInbox(data);
        Pacing = new InMemoryPacing(time ?? TimeProvider.System);
        Artifacts = new InMemoryArtifacts(data);
        Journal = new InMemoryJournal(data);
        Nodes = new InMemoryNodes(data, shared, time ?? TimeProvider.System);
        Jobs = new InMemoryJobViews(data);
        Retention = new InMemoryRetention(data);
        Queries = new InMemoryJobQueries(data);
        Snapshots = new InMemorySnapshots(data);
    }

    public int ShardCount { get; }

    public bool IsShared { get; }

    public IJournal Journal { get; }

    public INodes Nodes { get; }

    public IInbox Inbox { get; }

    public IPoolSettings PoolSettings { get; } = new InMemoryPoolSettings();

    public IPacing Pacing { get; }

    public ILedger Ledger { get; } = new InMemoryLedger();

    public IArtifacts Artifacts { get; }

    public IJobViews Jobs { get; }

    public IRetention Retention { get; }

    public IJobQueries Queries { get; }

    public ISnapshots Snapshots { get; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
