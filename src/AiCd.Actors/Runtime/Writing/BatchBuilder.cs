using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>Gives pending appends their places in their shards.</summary>
internal static class BatchBuilder
{
    /// <param name="pending">All of shards that the ledger owns; those of others are returned as lost.</param>
    public static (AppendBatch Batch, List<PendingAppend> Included, List<PendingAppend> Lost) Build(
        string incarnation, ShardLedger ledger, IReadOnlyList<PendingAppend> pending)
    {
        var fences = new SortedDictionary<int, ShardFence>();
        var entries = new List<AppendEntry>(pending.Count);
        var included = new List<PendingAppend>(pending.Count);
        var lost = new List<PendingAppend>();
        foreach (var append in pending)
        {
            if (!fences.TryGetValue(append.Shard, out var fence))
            {
                if (ledger.Find(append.Shard) is not { } owned)
                {
                    lost.Add(append);
                    continue;
                }

                fence = new ShardFence(append.Shard, owned.Epoch, owned.Head, 0);
            }

            entries.Add(append.ToEntry(fence.Head + fence.Count + 1));
            included.Add(append);
            fences[append.Shard] = fence with { Count = fence.Count + append.Events.Count };
        }

        return (new AppendBatch(incarnation, [.. fences.Values], entries), included, lost);
    }
}
