namespace AiCd.Actors.Journal;

/// <summary>What every engine demands of a batch before it looks at a row, so that no engine is laxer than another.</summary>
internal static class BatchShape
{
    /// <returns>Why no store could hold a text of the batch, or null.</returns>
    /// <exception cref="ArgumentException">Positions and fences contradict each other: the caller has a bug, and writing would leave a gap.</exception>
    public static string? Check(AppendBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var next = NextPositions(batch.Fences);
        string? refusal = null;
        foreach (var entry in batch.Entries)
        {
            var shard = entry.Job.Shard;
            if (!next.TryGetValue(shard, out var position) || position != entry.FirstShardSeq)
            {
                throw new ArgumentException($"Job {entry.Job} is to begin at {shard}/{entry.FirstShardSeq}, its shard stands before {position}", nameof(batch));
            }

            next[shard] = position + entry.Events.Count;
            refusal ??= RefuseTexts(entry);
        }

        foreach (var fence in batch.Fences)
        {
            if (next[fence.Shard] != fence.Head + fence.Count + 1)
            {
                throw new ArgumentException($"Shard {fence.Shard} is to move by {fence.Count} from {fence.Head}, its entries end before {next[fence.Shard]}", nameof(batch));
            }
        }

        return refusal;
    }

    private static Dictionary<int, long> NextPositions(IReadOnlyList<ShardFence> fences)
    {
        var next = new Dictionary<int, long>(fences.Count);
        var last = -1;
        foreach (var fence in fences)
        {
            if (fence.Shard <= last)
            {
                throw new ArgumentException($"Fence of shard {fence.Shard} follows that of {last}: they must ascend, it is the order of the locks", nameof(fences));
            }

            last = fence.Shard;
            next.Add(fence.Shard, fence.Head + 1);
        }

        return next;
    }

    private static string? RefuseTexts(AppendEntry entry)
    {
        var refusal = StorableText.Refuse(entry.Tenant);
        foreach (var data in entry.Events)
        {
            refusal ??= StorableText.Refuse(data.Event);
        }

        foreach (var claim in entry.Claims)
        {
            refusal ??= StorableText.Refuse(claim.Kind) ?? StorableText.Refuse(claim.Key);
        }

        return refusal;
    }
}
