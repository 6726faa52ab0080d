using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>Which shards this node owns, with the epoch and head that its next append must name.</summary>
internal sealed class ShardLedger(int shardCount)
{
    private readonly Lock _lock = new();
    private readonly (long Epoch, long Head, bool Owned)[] _shards = new (long, long, bool)[shardCount];

    public int ShardCount => _shards.Length;

    /// <param name="shard">As an id names it: there may be no such shard.</param>
    public bool Owns(int shard) => Find(shard) is not null;

    public IReadOnlyList<int> Owned()
    {
        lock (_lock)
        {
            return [.. Enumerable.Range(0, _shards.Length).Where(shard => _shards[shard].Owned)];
        }
    }

    public void Take(IEnumerable<OwnedShard> shards)
    {
        lock (_lock)
        {
            foreach (var shard in shards)
            {
                _shards[shard.Shard] = (shard.Epoch, shard.Head, true);
            }
        }
    }

    /// <returns>Those of the shards that were owned until now.</returns>
    public IReadOnlyList<int> Drop(IEnumerable<int> shards)
    {
        lock (_lock)
        {
            var dropped = new List<int>();
            foreach (var shard in shards)
            {
                if (shard < _shards.Length && _shards[shard].Owned)
                {
                    _shards[shard].Owned = false;
                    dropped.Add(shard);
                }
            }

            return dropped;
        }
    }

    /// <returns>Null where the shard is not owned.</returns>
    public OwnedShard? Find(int shard)
    {
        if (shard >= _shards.Length)
        {
            return null;
        }

        lock (_lock)
        {
            var (epoch, head, owned) = _shards[shard];
            return owned ? new OwnedShard(shard, epoch, head) : null;
        }
    }

    /// <summary>The node's own new epochs; a shard that it gave up meanwhile stays given up.</summary>
    public void Raise(IEnumerable<OwnedShard> shards)
    {
        lock (_lock)
        {
            foreach (var shard in shards.Where(shard => _shards[shard.Shard].Owned))
            {
                _shards[shard.Shard] = (shard.Epoch, shard.Head, true);
            }
        }
    }

    /// <summary>A shard that was taken anew since the fences were made knows its head better.</summary>
    public void Advance(IReadOnlyList<ShardFence> fences)
    {
        lock (_lock)
        {
            foreach (var fence in fences.Where(fence => _shards[fence.Shard].Epoch == fence.Epoch))
            {
                _shards[fence.Shard].Head = fence.Head + fence.Count;
            }
        }
    }
}
