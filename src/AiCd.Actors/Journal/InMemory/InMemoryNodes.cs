namespace AiCd.Actors.Journal.InMemory;

/// <summary>One process, so one node: whoever joins takes the place of the incarnation before.</summary>
internal sealed class InMemoryNodes(InMemoryData data, TimeProvider time) : INodes
{
    public Task<NodeLease> JoinAsync(string name, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            Free(_ => true);
            var now = time.GetUtcNow();
            var node = new InMemoryNode(Incarnations.New(now), name, UnixMilliseconds.Truncate(now), Deadline(lease));
            data.Node = node;
            return Task.FromResult(new NodeLease(node.Incarnation, name));
        }
    }

    public Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var alive = IsAlive(incarnation);
            if (alive)
            {
                data.Node = data.Node! with { Deadline = Deadline(lease) };
            }

            return Task.FromResult(alive);
        }
    }

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            Free(shard => shard.Owner == incarnation);
            data.Node = data.Node?.Incarnation == incarnation ? null : data.Node;
            return Task.CompletedTask;
        }
    }

    public Task<ClusterView> ReadAsync(CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            NodeView[] nodes = data.Node is { } node ? [new NodeView(node.Incarnation, node.Name, node.StartedAt, Remaining(node))] : [];
            var shards = data.Shards.Select((shard, number) => new ShardView(number, shard.Owner, shard.Epoch, shard.Head));
            return Task.FromResult(new ClusterView(nodes, [.. shards]));
        }
    }

    public Task<IReadOnlyList<OwnedShard>> AcquireAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var taken = new List<OwnedShard>();
            foreach (var number in shards.Distinct().Order().Where(_ => IsAlive(incarnation)))
            {
                var shard = data.Shards[number];
                if (shard.Owner is null)
                {
                    shard.Owner = incarnation;
                    taken.Add(new OwnedShard(number, ++shard.Epoch, shard.Head));
                }
            }

            return Task.FromResult<IReadOnlyList<OwnedShard>>(taken);
        }
    }

    public Task ReleaseAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var chosen = shards.Select(number => data.Shards[number]).ToHashSet();
            Free(shard => shard.Owner == incarnation && chosen.Contains(shard));
            return Task.CompletedTask;
        }
    }

    private void Free(Predicate<InMemoryShard> which)
    {
        foreach (var shard in data.Shards.Where(shard => which(shard)))
        {
            shard.Owner = null;
        }
    }

    private bool IsAlive(string incarnation) => data.Node is { } node && node.Incarnation == incarnation && Remaining(node) > TimeSpan.Zero;

    private long Deadline(TimeSpan lease) => time.GetTimestamp() + (long)(lease.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Remaining(InMemoryNode node) => time.GetElapsedTime(time.GetTimestamp(), node.Deadline);
}
