using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>The shard belongs to another node, or this one is stopping: whether the append happened is for the owner to say.</summary>
public sealed class ShardLostException(int shard) : Exception($"Shard {shard} is no longer owned by this node")
{
    /// <summary>What the owner can tell it by; null where nothing was handed to the store.</summary>
    internal TriedAppend? Tried { get; init; }
}

/// <summary>The store refuses the append for what it says; nothing was written.</summary>
public sealed class AppendRefusedException(string reason, ClaimConflict? claim) : Exception(reason)
{
    public ClaimConflict? Claim { get; } = claim;
}
