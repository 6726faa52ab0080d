using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>What a node should do about shards, given what the database shows. Pure.</summary>
/// <param name="Take">Shards without a living owner, and shards that this incarnation owns without knowing.</param>
/// <param name="Release">Shards beyond its share.</param>
/// <param name="Lost">Shards that it believes to hold and that have another owner.</param>
internal readonly record struct Balance(IReadOnlyList<int> Take, IReadOnlyList<int> Release, IReadOnlyList<int> Lost)
{
    public static Balance Of(ClusterView view, string self, IReadOnlyCollection<int> held)
    {
        var living = view.Nodes.Where(node => node.Alive && node.TakesShards).Select(node => node.Incarnation).ToHashSet();
        living.Add(self);
        var share = (view.Shards.Count + living.Count - 1) / living.Count;
        var free = view.Shards
            .Where(shard => !held.Contains(shard.Shard) && (shard.Owner is null || shard.Owner == self || !living.Contains(shard.Owner)))
            .OrderBy(shard => shard.Owner == self ? 0 : 1)
            .Select(shard => shard.Shard);
        var lost = view.Shards.Where(shard => shard.Owner != self && held.Contains(shard.Shard)).Select(shard => shard.Shard).ToList();
        return held.Count > share
            ? new Balance([], [.. held.Except(lost).Order().Skip(share)], lost)
            : new Balance([.. free.Take(share - held.Count)], [], lost);
    }
}
