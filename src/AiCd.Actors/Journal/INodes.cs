namespace AiCd.Actors.Journal;

/// <summary>Leases of nodes and ownership of shards, judged by the database's clock alone.</summary>
public interface INodes
{
    /// <summary>Registers a new incarnation of a node.</summary>
    /// <param name="takesShards">False for a node that only takes commands and shows what is there.</param>
    /// <param name="lease">How long it may go without renewal before others take its shards.</param>
    Task<NodeLease> JoinAsync(string name, bool takesShards, TimeSpan lease, CancellationToken cancellationToken);

    /// <returns>False where the lease is gone: the node must stop its actors and join anew.</returns>
    Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Ends the lease in good order and gives up all its shards.</summary>
    Task LeaveAsync(string incarnation, CancellationToken cancellationToken);

    Task<ClusterView> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes those of the given shards that have no other living owner, and raises their epochs. A shard that the incarnation owns
    /// already is given to it anew: whatever it still had in flight there is fenced.
    /// </summary>
    Task<IReadOnlyList<OwnedShard>> AcquireAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken);

    Task ReleaseAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up all shards of a node that stops, and counts it no more among those that take any. Its lease stays, for the attempts that
    /// still run.
    /// </summary>
    Task RetireAsync(string incarnation, CancellationToken cancellationToken);

    /// <summary>Keeps nodes of a name from taking shards, or lets them again; it outlasts their restarts. Only in a store that nodes share.</summary>
    /// <returns>False where it was so already.</returns>
    Task<bool> DrainAsync(string name, bool drained, CancellationToken cancellationToken);
}

/// <param name="Incarnation">Unique for every start of a node; attempts and shards belong to it.</param>
public sealed record NodeLease(string Incarnation, string Name);

/// <param name="Epoch">Rises with every change of hands; an append must name the one in force.</param>
/// <param name="Head">Position of the shard's last event; 0 for an empty shard.</param>
public readonly record struct OwnedShard(int Shard, long Epoch, long Head);

/// <summary>The cluster as the database saw it at one moment.</summary>
public sealed record ClusterView(IReadOnlyList<NodeView> Nodes, IReadOnlyList<ShardView> Shards);

/// <param name="Remaining">Of the lease; negative when it has expired.</param>
public sealed record NodeView(string Incarnation, string Name, bool TakesShards, DateTimeOffset StartedAt, TimeSpan Remaining)
{
    public bool Alive => Remaining > TimeSpan.Zero;

    /// <summary>An operator wants the node without shards.</summary>
    public bool Drained { get; init; }

    /// <summary>True for a node that has a share of the shards.</summary>
    public bool HasShare => Alive && TakesShards && !Drained;
}

/// <param name="Owner">Incarnation, or null where nobody owns the shard.</param>
public sealed record ShardView(int Shard, string? Owner, long Epoch, long Head);
