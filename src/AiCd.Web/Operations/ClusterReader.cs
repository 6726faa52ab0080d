using AiCd.Actors.Journal;

namespace AiCd.Web.Operations;

/// <summary>Tells the cluster as its store sees it at one moment.</summary>
internal static class ClusterReader
{
    /// <param name="self">The incarnation of the node that asks; empty where none does.</param>
    public static async Task<ClusterResponse> ReadAsync(IStore store, string self, CancellationToken cancellationToken)
    {
        var view = await store.Nodes.ReadAsync(cancellationToken);
        var projected = await store.Jobs.ReadCursorsAsync([.. view.Shards.Select(shard => shard.Shard)], cancellationToken);
        return new ClusterResponse(
            self,
            store.IsShared,
            [.. view.Nodes.Select(node => new NodeDetails(
                node.Incarnation,
                node.Name,
                node.TakesShards,
                node.StartedAt,
                store.IsShared ? node.Remaining.TotalSeconds : null,
                !store.IsShared || node.Alive,
                view.Shards.Count(shard => shard.Owner == node.Incarnation)))],
            [.. view.Shards.Select(shard => new ShardDetails(shard.Shard, shard.Owner, shard.Epoch, shard.Head, projected.GetValueOrDefault(shard.Shard)))],
            view.Shards.Sum(shard => shard.Head - projected.GetValueOrDefault(shard.Shard)));
    }
}
