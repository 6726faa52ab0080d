using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Composition;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary>What the store tells. Nodes that share it look at the settings of the pools every so often.</summary>
/// <param name="scope">Owned by the installation; it owns the store.</param>
internal sealed class StoredInstallation(CommandScope scope, IStore store) : IInstallation
{
    public Task<ClusterResponse> ClusterAsync(CancellationToken cancellationToken) => ClusterReader.ReadAsync(store, self: "", cancellationToken);

    public async Task<IReadOnlyList<PoolLine>> PoolsAsync(CancellationToken cancellationToken)
    {
        var changed = (await store.PoolSettings.ReadAsync(cancellationToken)).ToDictionary(setting => setting.Stage);
        var stages = scope.Get<EngineOptions>().Stages;
        return [.. Enum.GetValues<Stage>().Select(stage => changed.GetValueOrDefault(stage) is { } setting
            ? new PoolLine(stage, setting.Concurrency, setting.StartsPerSecond, setting.Paused)
            : new PoolLine(stage, stages[stage].Concurrency, stages[stage].StartsPerSecond, Paused: false))];
    }

    public async Task<IReadOnlyList<PoolLine>> ChangePoolAsync(Stage stage, PoolRequest change, CancellationToken cancellationToken)
    {
        var pool = (await PoolsAsync(cancellationToken)).First(pool => pool.Stage == stage);
        await store.PoolSettings.WriteAsync(
            new PoolSetting(stage, change.Concurrency ?? pool.Concurrency, change.StartsPerSecond ?? pool.StartsPerSecond, change.Paused ?? pool.Paused), cancellationToken);
        return await PoolsAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
