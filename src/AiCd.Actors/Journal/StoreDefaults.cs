using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

public static class StoreDefaults
{
    /// <summary>A store is made with so many shards unless it is told otherwise: enough for dozens of nodes.</summary>
    public const int ShardCount = 64;

    internal static void ThrowIfNotShardCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, JobId.MaxShards);
    }
}
