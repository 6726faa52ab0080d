namespace AiCd.Actors.Journal.InMemory;

/// <summary>
/// Leases judged by one clock. A store that is not shared has one node: whoever joins takes the place of the incarnation before.
/// </summary>
internal sealed class InMemoryNodes(InMemoryData data, bool shared, TimeProvider time) : INodes
{
    public Task<NodeLease> JoinAsync(string name, bool takesShards, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            if (!shared)
            {
                data.Nodes.Clear();
                Free(_ => true);
            }

            var now = time.GetUtcNow();
            var node = new InMemoryNode(Incarnations.New(now), name, takesShards, UnixMilliseconds.Truncate(now), Deadline(lease));
            data.Nodes.Add(node.Incarnation, node);
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
                data.Nodes[incarnation] = data.Nodes[incarnation] with { Deadline = Deadline(lease) };
            }

            return Task.FromResult(alive);
        }
    }

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            Free(shard => shard.Owner == incarnation);
            data.Nodes.Remove(incarnation);
            return Task.CompletedTask;
        }
    }

    public Task<ClusterView> ReadAsync(CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var nodes = data.Nodes.Values.Select(node => new NodeView(node.Incarnation, node.Name, node.TakesShards, node.StartedAt, Remaining(node))
            {
                Drained = data.Drained.Contains(node.Name),
            });
            var shards = data.Shards.Select((shard, number) => new ShardView(number, shard.Owner, shard.Epoch, shard.Head));
            return Task.FromResult(new ClusterView([.. nodes], [.. shards]));
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
                if (shard.Owner is null || shard.Owner == incarnation || !IsAlive(shard.Owner))
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

    public Task RetireAsync(string incarnation, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            Free(shard => shard.Owner == incarnation);
            if (data.Nodes.TryGetValue(incarnation, out var node))
            {
                data.Nodes[incarnation] = node with { TakesShards = false };
            }

            return Task.CompletedTask;
        }
    }

    public Task<bool> DrainAsync(string name, bool drained, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(drained ? data.Drained.Add(name) : data.Drained.Remove(name));
        }
    }

    private void Free(Predicate<InMemoryShard> which)
    {
        foreach (var shard in data.Shards.Where(shard => which(shard)))
        {
            shard.Owner = null;
        }
    }

    private bool IsAlive(string incarnation) => data.Nodes.TryGetValue(incarnation, out var node) && Remaining(node) > TimeSpan.Zero;

    private long Deadline(TimeSpan lease) => time.GetTimestamp() + (long)(lease.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Remaining(InMemoryNode node) => time.GetElapsedTime(time.GetTimestamp(), node.Deadline);
}
