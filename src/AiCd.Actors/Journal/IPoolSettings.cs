using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>What operators set of the pools while nodes run: for every node of the store, and across restarts.</summary>
public interface IPoolSettings
{
    /// <returns>Only the pools that were ever changed; the others are as configured.</returns>
    Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken);
}

/// <param name="Concurrency">Attempts at a time on each node; null for what each is configured for.</param>
/// <param name="StartsPerSecond">On each node; null for what each is configured for.</param>
/// <param name="Paused">Running attempts go on; nothing new starts.</param>
public sealed record PoolSetting(Stage Stage, int? Concurrency, double? StartsPerSecond, bool Paused)
{
    /// <summary>What was set before, with what is named now; null leaves a thing as it was.</summary>
    public static async Task<PoolSetting> OverAsync(
        IPoolSettings settings, Stage stage, int? concurrency, double? startsPerSecond, bool? paused, CancellationToken cancellationToken)
    {
        var before = (await settings.ReadAsync(cancellationToken)).FirstOrDefault(setting => setting.Stage == stage);
        return new PoolSetting(stage, concurrency ?? before?.Concurrency, startsPerSecond ?? before?.StartsPerSecond, paused ?? before?.Paused ?? false);
    }
}
