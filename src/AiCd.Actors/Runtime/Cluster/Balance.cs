using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>What a node should do about shards, given what the database shows. Pure.</summary>
/// <param name="Take">Shards without a living owner, and shards that this incarnation owns without knowing.</param>
/// <param name="Release">
/// Shards beyond its share, which is none for a node that is drained; and shards that this incarnation owns without knowing and does not take: a
/// release or a recovery of theirs failed, and nobody else may take what a living node owns.
/// </param>
/// <param name="Lost">Shards that it believes to hold and that have another owner.</param>
internal readonly record struct Balance(IReadOnlyList<int> Take, IReadOnlyList<int> Release, IReadOnlyList<int> Lost)
{
    public static Balance Of(ClusterView view, string self, IReadOnlyCollection<int> held)
    {
        var lost = LostShards(view, self, held);
        var unknown = view.Shards.Where(shard => shard.Owner == self && !held.Contains(shard.Shard)).Select(shard => shard.Shard).ToList();
        if (view.Nodes.Any(node => node.Incarnation == self && node.Drained))
        {
            return new Balance([], [.. held.Except(lost).Concat(unknown).Order()], lost);
        }

        var takers = 1 + OtherTakers(view, self);
        var share = (view.Shards.Count + takers - 1) / takers;
        var free = FreeShards(view, self)
            .Where(shard => !held.Contains(shard.Shard))
            .OrderBy(shard => shard.Owner == self ? 0 : 1)
            .Select(shard => shard.Shard);
        if (held.Count > share)
        {
            return new Balance([], [.. held.Except(lost).Order().Skip(share), .. unknown], lost);
        }

        var take = free.Take(share - held.Count).ToList();
        return new Balance(take, [.. unknown.Except(take)], lost);
    }

    /// <summary>
    /// For a node that drives one job and no other: it takes that job's shard where no node lives whose business that is, and keeps
    /// it until it is done. Nodes that come meanwhile share the others.
    /// </summary>
    /// <param name="wanted">Null as long as there is no such job.</param>
    public static Balance OfOne(ClusterView view, string self, IReadOnlyCollection<int> held, int? wanted)
    {
        var take = wanted is { } shard && !held.Contains(shard) && OtherTakers(view, self) == 0 && FreeShards(view, self).Any(free => free.Shard == shard);
        var unknown = view.Shards.Where(shard => shard.Owner == self && !held.Contains(shard.Shard) && !(take && shard.Shard == wanted)).Select(shard => shard.Shard);
        return new Balance(take ? [wanted!.Value] : [], [.. unknown], LostShards(view, self, held));
    }

    /// <summary>How many other nodes live that take shards.</summary>
    public static int OtherTakers(ClusterView view, string self) =>
        view.Nodes.Count(node => node.HasShare && node.Incarnation != self);

    /// <summary>Shards that the node may take: nobody else who lives owns them.</summary>
    public static IEnumerable<ShardView> FreeShards(ClusterView view, string self)
    {
        // Also of those that take no shards any more: they may still hold some.
        var others = view.Nodes.Where(node => node.Alive && node.Incarnation != self).Select(node => node.Incarnation).ToHashSet();
        return view.Shards.Where(shard => shard.Owner is null || !others.Contains(shard.Owner));
    }

    private static List<int> LostShards(ClusterView view, string self, IReadOnlyCollection<int> held) =>
        [.. view.Shards.Where(shard => shard.Owner != self && held.Contains(shard.Shard)).Select(shard => shard.Shard)];
}
