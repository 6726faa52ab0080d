using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>What operators set of the pools while nodes run: for every node of the store, and across restarts.</summary>
public interface IPoolSettings
{
    /// <returns>Only the pools that were ever changed; the others are as configured.</returns>
    Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken);
}

/// <param name="Concurrency">Attempts at a time on each node.</param>
/// <param name="StartsPerSecond">On each node.</param>
/// <param name="Paused">Running attempts go on; nothing new starts.</param>
public sealed record PoolSetting(Stage Stage, int Concurrency, double StartsPerSecond, bool Paused);
