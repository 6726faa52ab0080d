using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.InMemory;

/// <summary>A store that lives as long as its process, for trials and tests; it keeps every promise of the contracts but durability.</summary>
public sealed class InMemoryStore : IStore
{
    /// <param name="shared">True for several nodes in this process, with leases as a cluster has them.</param>
    public InMemoryStore(int shardCount = StoreDefaults.ShardCount, TimeProvider? time = null, bool shared = false)
    {
        StoreDefaults.ThrowIfNotShardCount(shardCount);
        var data = new InMemoryData(shardCount);
        ShardCount = shardCount;
        IsShared = shared;
        Inbox = new InMemoryInbox(data);
        Artifacts = new InMemoryArtifacts(data);
        Journal = new InMemoryJournal(data);
        Nodes = new InMemoryNodes(data, shared, time ?? TimeProvider.System);
        Jobs = new InMemoryJobViews(data);
        Snapshots = new InMemorySnapshots(data);
    }

    public int ShardCount { get; }

    public bool IsShared { get; }

    public IJournal Journal { get; }

    public INodes Nodes { get; }

    public IInbox Inbox { get; }

    public IPoolSettings PoolSettings { get; } = new InMemoryPoolSettings();

    public IArtifacts Artifacts { get; }

    public IJobViews Jobs { get; }

    public ISnapshots Snapshots { get; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
