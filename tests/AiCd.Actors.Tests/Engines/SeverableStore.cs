using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Tests.Engines;

/// <summary>One node's way to the store. Once it is severed nothing passes any more, whoever of the node's remains still tries.</summary>
internal sealed class SeverableStore : IStore, IJournal, INodes, IInbox, IPoolSettings, ISnapshots, IArtifacts, IJobViews
{
    private readonly IStore _inner;
    private readonly IJournal _journal;
    private volatile bool _severed;

    /// <param name="journal">In place of the store's own.</param>
    public SeverableStore(IStore inner, IJournal? journal = null)
    {
        _inner = inner;
        _journal = journal ?? inner.Journal;
    }

    public bool IsSevered => _severed;

    /// <summary>True where no signal leaves the node: the others find out by polling.</summary>
    public bool IsMute { get; set; }

    /// <summary>The node listens to signals once this has completed.</summary>
    public Task Listens { get; set; } = Task.CompletedTask;

    /// <summary>In place of a read of the inbox for these shards.</summary>
    public Func<IReadOnlyCollection<int>, Func<Task<IReadOnlyList<InboxCommand>>>, Task<IReadOnlyList<InboxCommand>>>? OnPending { get; set; }

    /// <summary>False as long as the node gets no shards.</summary>
    public Func<bool> GetsShards { get; set; } = () => true;

    /// <summary>In place of handing shards over.</summary>
    public Func<Func<Task>, Task>? OnRelease { get; set; }

    public int ShardCount => _inner.ShardCount;

    public bool IsShared => _inner.IsShared;

    public IJournal Journal => this;

    public INodes Nodes => this;

    public IInbox Inbox => this;

    public IPoolSettings PoolSettings => this;

    public ISnapshots Snapshots => this;

    public IArtifacts Artifacts => this;

    public IJobViews Jobs => this;

    public IJobQueries Queries => Way.Queries;

    public ILedger Ledger => Way.Ledger;

    public IPacing Pacing => Way.Pacing;

    public ILiveNotes Notes => Way.Notes;

    public IRetention Retention => Way.Retention;

    private IStore Way => IsSevered ? throw Cut() : _inner;

    private IJournal Events => IsSevered ? throw Cut() : _journal;

    public void Sever() => _severed = true;

    public void Mend() => _severed = false;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static JournalException Cut() => new("The way to the store is cut", isTransient: true);

    async Task<AppendResult> IJournal.AppendAsync(AppendBatch batch, CancellationToken cancellationToken) => await Events.AppendAsync(batch, cancellationToken);

    async Task<IReadOnlyList<OwnedShard>> IJournal.SettleAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        await Events.SettleAsync(incarnation, shards, cancellationToken);

    IAsyncEnumerable<JournalRow> IJournal.ReadJobsAsync(IReadOnlyCollection<JobId> jobs, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        Events.ReadJobsAsync(jobs, after, cancellationToken);

    IAsyncEnumerable<JournalRow> IJournal.ReadActiveAsync(IReadOnlyCollection<int> shards, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        Events.ReadActiveAsync(shards, after, cancellationToken);

    IAsyncEnumerable<JournalRow> IJournal.ReadShardAsync(int shard, long afterShardSeq, int limit, CancellationToken cancellationToken) =>
        Events.ReadShardAsync(shard, afterShardSeq, limit, cancellationToken);

    async Task<JobId?> IJournal.FindClaimAsync(string tenant, string kind, string key, CancellationToken cancellationToken) =>
        await Events.FindClaimAsync(tenant, kind, key, cancellationToken);

    async Task<NodeLease> INodes.JoinAsync(string name, bool takesShards, TimeSpan lease, CancellationToken cancellationToken) =>
        await Way.Nodes.JoinAsync(name, takesShards, lease, cancellationToken);

    async Task<bool> INodes.RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        await Way.Nodes.RenewAsync(incarnation, lease, cancellationToken);

    async Task INodes.LeaveAsync(string incarnation, CancellationToken cancellationToken) => await Way.Nodes.LeaveAsync(incarnation, cancellationToken);

    async Task<ClusterView> INodes.ReadAsync(CancellationToken cancellationToken) => await Way.Nodes.ReadAsync(cancellationToken);

    async Task<IReadOnlyList<OwnedShard>> INodes.AcquireAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        GetsShards() ? await Way.Nodes.AcquireAsync(incarnation, shards, cancellationToken) : [];

    async Task INodes.ReleaseAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        Task Inner() => Way.Nodes.ReleaseAsync(incarnation, shards, cancellationToken);
        await (OnRelease is { } script ? script(Inner) : Inner());
    }

    async Task<bool> INodes.DrainAsync(string name, bool drained, CancellationToken cancellationToken) => await Way.Nodes.DrainAsync(name, drained, cancellationToken);

    async Task INodes.RetireAsync(string incarnation, CancellationToken cancellationToken) => await Way.Nodes.RetireAsync(incarnation, cancellationToken);

    async Task IInbox.PostAsync(InboxCommand command, CancellationToken cancellationToken) => await Way.Inbox.PostAsync(command, cancellationToken);

    async Task<IReadOnlyList<InboxCommand>> IInbox.PendingAsync(IReadOnlyCollection<int> shards, int limit, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<InboxCommand>> Inner() => Way.Inbox.PendingAsync(shards, limit, cancellationToken);
        return await (OnPending is { } script ? script(shards, Inner) : Inner());
    }

    async Task<bool> IInbox.SettleAsync(HandledCommand handled, CancellationToken cancellationToken) => await Way.Inbox.SettleAsync(handled, cancellationToken);

    async Task<ReadOnlyMemory<byte>?> IInbox.FindOutcomeAsync(Guid id, CancellationToken cancellationToken) => await Way.Inbox.FindOutcomeAsync(id, cancellationToken);

    async Task IInbox.SignalAsync(string message, CancellationToken cancellationToken) => await (IsMute ? Task.CompletedTask : Way.Inbox.SignalAsync(message, cancellationToken));

    async IAsyncEnumerable<string> IInbox.ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Listens.WaitAsync(cancellationToken);
        await foreach (var message in Way.Inbox.ListenAsync(cancellationToken))
        {
            yield return message;
        }
    }

    async Task<IReadOnlyList<PoolSetting>> IPoolSettings.ReadAsync(CancellationToken cancellationToken) => await Way.PoolSettings.ReadAsync(cancellationToken);

    async Task IPoolSettings.WriteAsync(PoolSetting setting, CancellationToken cancellationToken) => await Way.PoolSettings.WriteAsync(setting, cancellationToken);

    async Task ISnapshots.WriteAsync(IReadOnlyCollection<JobSnapshot> snapshots, CancellationToken cancellationToken) =>
        await Way.Snapshots.WriteAsync(snapshots, cancellationToken);

    async Task ISnapshots.RemoveAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) => await Way.Snapshots.RemoveAsync(jobs, cancellationToken);

    async Task<IReadOnlyList<JobSnapshot>> ISnapshots.FindAsync(IReadOnlyCollection<JobId> jobs, int schema, CancellationToken cancellationToken) =>
        await Way.Snapshots.FindAsync(jobs, schema, cancellationToken);

    async Task<IReadOnlyList<JobSnapshot>> ISnapshots.FindActiveAsync(IReadOnlyCollection<int> shards, int schema, CancellationToken cancellationToken) =>
        await Way.Snapshots.FindActiveAsync(shards, schema, cancellationToken);

    async Task IArtifacts.PutAsync(string tenant, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken) =>
        await Way.Artifacts.PutAsync(tenant, contents, cancellationToken);

    async Task<byte[]?> IArtifacts.FindAsync(string tenant, string sha256, CancellationToken cancellationToken) =>
        await Way.Artifacts.FindAsync(tenant, sha256, cancellationToken);

    async Task<IReadOnlyList<int>> IJobViews.ProjectAsync(IReadOnlyList<ShardProjection> projections, CancellationToken cancellationToken) =>
        await Way.Jobs.ProjectAsync(projections, cancellationToken);

    async Task<IReadOnlyDictionary<int, long>> IJobViews.ReadCursorsAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        await Way.Jobs.ReadCursorsAsync(shards, cancellationToken);

    async Task<JobView?> IJobViews.FindAsync(string tenant, JobId job, CancellationToken cancellationToken) => await Way.Jobs.FindAsync(tenant, job, cancellationToken);

    async Task<IReadOnlyList<JobView>> IJobViews.ListAsync(string tenant, JobState? state, JobId? before, int limit, CancellationToken cancellationToken) =>
        await Way.Jobs.ListAsync(tenant, state, before, limit, cancellationToken);

    async Task<IReadOnlyDictionary<JobState, long>> IJobViews.CountAsync(string tenant, CancellationToken cancellationToken) =>
        await Way.Jobs.CountAsync(tenant, cancellationToken);
}
