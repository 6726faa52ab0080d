using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Stages;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>
/// One incarnation of a node: takes shards, brings their jobs back, drives them, and hands everything over when it stops. It is
/// started and stopped once; <see cref="EngineNode"/> begins the next one when a lease was lost.
/// </summary>
internal sealed partial class NodeIncarnation : IAsyncDisposable
{
    private readonly IStore _store;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NodeLease _lease;
    private readonly bool _recover;
    private readonly ShardLedger _ledger;
    private readonly LeaseClock _leaseClock;
    private readonly LivingNodes _living;
    private readonly JournalWriter _writer;
    private readonly JobReplays _recovery;
    private readonly ReplayBatcher _replays;
    private readonly SnapshotKeeper _snapshots;
    private readonly Projector _projector;
    private readonly ProviderCircuits _circuits;
    private readonly Deadlines _deadlines;
    private readonly SecondLooks _secondLooks;
    private readonly StageRunner _runner;
    private readonly JobRegion _region;
    private readonly ActorContext _context;
    private readonly NodeSignals _signals;
    private readonly RemoteCommands _remote;
    private readonly InboxPump _inbox;
    private readonly PoolSettingsKeeper _poolSettings;
    private readonly ShardKeeper? _keeper;
    private readonly StrayAttempts? _strays;
    private readonly NotePublisher? _notes;
    private readonly TaskCompletionSource _leaseLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopped;
    private int _disposed;

    private NodeIncarnation(EngineParts parts, NodeLease lease, bool recover)
    {
        (_store, var work, _options, var feed, var metrics, _time, _logger) = parts;
        _lease = lease;
        _recover = recover;
        _ledger = new ShardLedger(_store.ShardCount);
        _leaseClock = new LeaseClock(_time);
        _living = new LivingNodes(lease.Incarnation);
        _living.Gone += OnGone;
        _signals = new NodeSignals(_store.Inbox, _time, _logger);
        _projector = new Projector(_store.Jobs, _store.Journal, _ledger, _time, _logger);
        _region = new JobRegion(_ledger, _options, _time);
        _writer = new JournalWriter(_store.Journal, _ledger, lease.Incarnation, _projector.Feed, shards => _ = LetGoAsync(shards), _time, _logger, metrics);
        _recovery = new JobReplays(_store.Journal, _store.Snapshots);
        _replays = new ReplayBatcher(_recovery);
        _snapshots = new SnapshotKeeper(_store.Snapshots, _options.SnapshotEvery, _time, _logger);
        _circuits = new ProviderCircuits(_time);
        _deadlines = new Deadlines(TellAsync, _time, _logger);
        _secondLooks = new SecondLooks(job => _region.Tell(job, new ActorMessage.Look(StartOwed: true)), _time);
        Pools = new StagePools(_options.Stages, _circuits, _time, (job, slot) => _region.Tell(job, new ActorMessage.Grant(slot)), _options.WeightOf);
        _remote = new RemoteCommands(_store, _signals, _options.CommandPatience, _time);
        var gateway = new NodeGateway(_region, _ledger, _replays, _remote, ShardsOfOthers, Explain, _options, _store, _time);
        Gateway = gateway;
        _notes = _store.IsShared ? new NotePublisher(lease.Incarnation, _store.Notes, _signals, _time, _logger) : null;
        _runner = new StageRunner(work, gateway.SendAsync, _options, _circuits, Tell, _leaseClock, metrics, _time, _logger);
        _signals.AttemptUnwanted += _runner.Cancel;

        void Tell(JobSignal signal)
        {
            feed.Publish(signal);
            _notes?.Offer(signal);
        }

        _context = new ActorContext
        {
            Incarnation = lease.Incarnation,
            Options = _options,
            Time = _time,
            Writer = _writer,
            Replays = _replays,
            Pools = Pools,
            Runner = _runner,
            Living = _living,
            Feed = feed,
            Metrics = metrics,
            Deadlines = _deadlines,
            SecondLooks = _secondLooks,
            Snapshots = _snapshots,
            Logger = _logger,
            Forget = _region.Forget,
            Crowded = () => _region.IsCrowded,
            Unwanted = Unwanted,
            IsDrained = _drained.ContainsKey,
        };
        _region.Context = _context;
        _poolSettings = new PoolSettingsKeeper(_store.PoolSettings, Pools, _signals, _time, _logger);
        _inbox = new InboxPump(_store.Inbox, _store.Journal, _ledger, _region, Explain, _signals, _options.InboxPolling, _time, _logger);
        _keeper = _store.IsShared
            ? new ShardKeeper(
                _store.Nodes, lease.Incarnation, _options, _leaseClock, _living, _ledger, BalanceOf, _signals, TakeAsync, ReleaseAsync, lost => _ = LetGoAsync(_ledger.Drop(lost)),
                OnLeaseLost, _time, _logger)
            : null;
        _strays = _store.IsShared ? new StrayAttempts(_runner, _ledger, _replays, _options.Renewal, _time, _logger) : null;
    }

    public IJobGateway Gateway { get; }

    public StagePools Pools { get; }

    public string Incarnation => _lease.Incarnation;

    public TimeSpan LeaseRemaining => _leaseClock.Remaining;

    public IReadOnlyList<int> OwnedShards => _ledger.Owned();

    public int ProjectionLag => _projector.Lag;

    public int LiveActors => _region.LiveActors;

    public IReadOnlyList<ActorView> Actors() => _region.Actors();

    /// <summary>Completes when the lease is gone; the node must be abandoned then.</summary>
    public Task LeaseLost => _leaseLost.Task;

    /// <summary>True while the node takes commands and the store takes appends.</summary>
    public bool IsReady => _stopped == 0 && !_writer.Stalled && !_leaseLost.Task.IsCompleted && _keeper is not { RenewalFails: true }
        && (_ledger.Owned().Count > 0 || ShardsOfOthers().Count > 0);

    /// <summary>Joins, takes its share of the shards and, if asked to, brings back what their jobs owe.</summary>
    public static async Task<NodeIncarnation> StartAsync(EngineParts parts, bool recover, CancellationToken cancellationToken)
    {
        var joinedAt = parts.Time.GetTimestamp();
        var takesShards = parts.Options.DrivesJobs && (recover || !parts.Store.IsShared);
        var lease = await parts.Store.Nodes.JoinAsync(parts.Options.NodeName, takesShards, parts.Options.Lease, cancellationToken);
        RuntimeLog.NodeJoined(parts.Logger, lease.Name, lease.Incarnation);
        var node = new NodeIncarnation(parts, lease, recover);
        try
        {
            await node._poolSettings.StartAsync(parts.Options.Renewal, cancellationToken);
            if (node._keeper is { } keeper)
            {
                await keeper.StartAsync(joinedAt, cancellationToken);
            }
            else
            {
                await node.TakeAsync([.. Enumerable.Range(0, parts.Store.ShardCount)], cancellationToken);
            }

            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Changes a pool on every node, now and after restarts.</summary>
    public Task ChangePoolAsync(PoolSetting setting, CancellationToken cancellationToken) => _poolSettings.ChangeAsync(setting, cancellationToken);

    /// <summary>Asks the other nodes to pass on what attempts of these jobs say; for a short while, so whoever reads on asks again.</summary>
    public void TellWatched(IReadOnlyCollection<JobId> jobs) => _signals.TellJobsWatched(_lease.Incarnation, jobs);

    /// <returns>Why the job does not move, or null where it runs, has ended, or starts this moment.</returns>
    public WaitingReason? Explain(Job job)
    {
        if (OwedWork.StageOf(job) is not { } stage)
        {
            return null;
        }

        return job switch
        {
            { ProposedPlan: not null } => new WaitingReason(WaitingCodes.Approval, stage, null, null),
            { BudgetHold: not null } => new WaitingReason(WaitingCodes.Budget, stage, null, null),
            { Entry.Running: { } running } when running.Incarnation != _lease.Incarnation && _ledger.Owns(job.Id.Shard) =>
                new WaitingReason(WaitingCodes.OtherNode, stage, null, null),
            _ => Pools.Explain(job.Id),
        };
    }

    /// <summary>Completes when what was committed on this node before the call can be read from the read models.</summary>
    public Task ReadModelsCaughtUpAsync(CancellationToken cancellationToken) => _projector.CaughtUpAsync(cancellationToken);

    /// <summary>
    /// Stops in good order. Nothing new starts; in a cluster the shards go to others at once; running stages get the grace, and their
    /// results find the new owners; what is left stays owed.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        // Before the node says that it is not ready any more: who sees that can rely on it.
        Pools.Close();
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        if (_keeper is not null)
        {
            await _keeper.StopBalancingAsync();
            await TryAsync(RetireAsync);
            await TryAsync(() => _keeper.RefreshAsync(CancellationToken.None));
            _remote.HurryUp(othersLive: Balance.OtherTakers(_keeper.View, _lease.Incarnation) > 0);
        }

        var left = await _runner.StopAsync(grace);
        await CloseAsync(TimeSpan.FromSeconds(10));
        RuntimeLog.NodeStopped(_logger, _lease.Name, left);
    }

    /// <summary>The lease is gone: everything stops at once, and nothing more is said in this incarnation's name.</summary>
    public async Task AbandonAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        Pools.Close();
        _runner.CancelAll();
        await LetGoAsync(_ledger.Drop(_ledger.Owned()));
        await _runner.StopAsync(TimeSpan.Zero);
        await CloseAsync(TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopAsync(TimeSpan.Zero);
        _deadlines.Dispose();
        _secondLooks.Dispose();
        _region.Dispose();
        Pools.Dispose();
        _circuits.Dispose();
        await _runner.DisposeAsync();
        await _writer.DisposeAsync();
        await _replays.DisposeAsync();
        _remote.Dispose();
        await _signals.DisposeAsync();
    }

    private async Task CloseAsync(TimeSpan grace)
    {
        if (_keeper is not null)
        {
            await _keeper.DisposeAsync();
        }

        if (_strays is not null)
        {
            await _strays.DisposeAsync();
        }

        if (_notes is not null)
        {
            await _notes.DisposeAsync();
        }

        await _poolSettings.DisposeAsync();
        await _inbox.DisposeAsync();
        await _writer.StopAsync(grace);
        await LetGoAsync(_ledger.Drop(_ledger.Owned()));
        await _snapshots.DisposeAsync();
        await _projector.DisposeAsync();
        if (_runner.Count == 0)
        {
            await TryAsync(() => _store.Nodes.LeaveAsync(_lease.Incarnation, CancellationToken.None));
        }

        // Where an attempt does not heed its cancellation, the lease runs out instead: who has left counts as one whose attempts have ended.
        _signals.TellShardsMoved();
    }

    private Task<CommandResult> TellAsync(JobId job, JobCommand command)
    {
        var deliver = new ActorMessage.Deliver(command, [], []);
        _region.Tell(job, deliver);
        return deliver.Reply.Task;
    }

    /// <summary>Whatever else is under way, a start or a stop: from here on others may begin anew what runs here.</summary>
    private void OnLeaseLost()
    {
        Pools.Close();
        _runner.CancelAll();
        _leaseLost.TrySetResult();
    }

    private void Unwanted(Attempt attempt)
    {
        if (attempt.Incarnation == _lease.Incarnation)
        {
            _runner.Cancel(attempt.Id);
        }
        else
        {
            _signals.TellAttemptUnwanted(attempt.Id);
        }
    }

    /// <summary>For what is good to do and has a second way: the lease's end does what could not be said in time.</summary>
    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (JournalException error)
        {
            RuntimeLog.FarewellFailed(_logger, error);
        }
    }
}
