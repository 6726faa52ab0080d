using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;

namespace AiCd.Host.Commands.Steering;

/// <summary>
/// A store whose pools all stand still, for a node that takes a command and leaves: what the job owes afterwards is begun by whoever
/// drives it next, and nothing has to be cut short. Nothing of that is written.
/// </summary>
internal sealed class PausedStore(IStore store) : IStore
{
    public int ShardCount => store.ShardCount;

    public bool IsShared => store.IsShared;

    public IJournal Journal => store.Journal;

    public INodes Nodes => store.Nodes;

    public IInbox Inbox => store.Inbox;

    public IPoolSettings PoolSettings { get; } = new Paused();

    public IPacing Pacing => store.Pacing;

    public IArtifacts Artifacts => store.Artifacts;

    public IJobViews Jobs => store.Jobs;

    public IJobQueries Queries => store.Queries;

    public IRetention Retention => store.Retention;

    public ILedger Ledger => store.Ledger;

    /// <summary>The store is its owner's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Paused : IPoolSettings
    {
        public Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PoolSetting>>(
            [.. Enum.GetValues<Stage>().Select(stage => new PoolSetting(stage, Concurrency: 1, StartsPerSecond: 1, Paused: true))]);

        public Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken) =>
            throw new NotSupportedException("The pools of a node that only takes a command are not changed");
    }
}
