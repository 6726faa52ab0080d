using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime;

/// <summary>Where ids come from; the pure core only ever receives them.</summary>
internal static class Ids
{
    private const int AttemptLength = 12;

    /// <returns>Sixty random bits: unique among all attempts of a store.</returns>
    public static string NewAttempt() => string.Create(
        AttemptLength, (ulong)Random.Shared.NextInt64(1L << 60), static (span, value) => Base32.Encode(span, value));

    public static JobId NewJob(DateTimeOffset at, int shard) => JobId.Create(at, shard, (uint)Random.Shared.Next());
}
