using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Stages;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>
/// One incarnation of a node: takes shards, brings their jobs back, drives them, and hands everything over when it stops. It is
/// started and stopped once.
/// </summary>
public sealed class EngineNode : IAsyncDisposable
{
    private readonly IStore _store;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NodeLease _lease;
    private readonly ShardLedger _ledger;
    private readonly JournalWriter _writer;
    private readonly ReplayBatcher _replays;
    private readonly Projector _projector;
    private readonly ProviderCircuits _circuits;
    private readonly StageRunner _runner;
    private readonly JobRegion _region;
    private readonly ActorContext _context;
    private bool _stopped;

    private EngineNode(IStore store, NodeLease lease, IStageWork work, EngineOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _lease = lease;
        _options = options;
        _time = time;
        _logger = logger;
        Feed = new JobFeed();
        _ledger = new ShardLedger(store.ShardCount);
        _projector = new Projector(store.Jobs, store.Journal, _ledger, time, logger);
        _region = new JobRegion(_ledger, options, time);
        _writer = new JournalWriter(store.Journal, _ledger, lease.Incarnation, _projector.Feed, shards => _ = _region.AbandonAsync(shards), time, logger);
        _replays = new ReplayBatcher(store.Journal);
        _circuits = new ProviderCircuits(time);
        Pools = new StagePools(options.Stages, _circuits, time, (job, slot) => _region.Tell(job, new ActorMessage.Grant(slot)));
        var gateway = new LocalGateway(_region, _ledger, store, time);
        Gateway = gateway;
        _runner = new StageRunner(work, gateway.SendAsync, options, _circuits, Feed, time, logger);
        var living = new LivingNodes(lease.Incarnation);
        living.Gone += job => _region.Tell(job, new ActorMessage.Look(StartOwed: true));
        _context = new ActorContext
        {
            Incarnation = lease.Incarnation,
            Options = options,
            Time = time,
            Writer = _writer,
            Replays = _replays,
            Pools = Pools,
            Runner = _runner,
            Living = living,
            Feed = Feed,
            Logger = logger,
            Forget = _region.Forget,
            Crowded = () => _region.IsCrowded,
        };
        _region.Context = _context;
    }

    public IJobGateway Gateway { get; }

    public JobFeed Feed { get; }

    public StagePools Pools { get; }

    public string Incarnation => _lease.Incarnation;

    public int LiveActors => _region.LiveActors;

    /// <summary>True while the node takes commands and the store takes appends.</summary>
    public bool IsReady => !_stopped && !_writer.Stalled && _ledger.Owned().Count > 0;

    /// <summary>Joins, takes the free shards and, if asked to, brings back what their jobs owe.</summary>
    /// <param name="recover">False where only single jobs are to be driven (<see cref="IJobGateway.WakeAsync"/>).</param>
    public static async Task<EngineNode> StartAsync(
        IStore store,
        IStageWork work,
        EngineOptions options,
        bool recover,
        TimeProvider time,
        ILogger<EngineNode> logger,
        CancellationToken cancellationToken)
    {
        var lease = await store.Nodes.JoinAsync(options.NodeName, options.Lease, cancellationToken);
        RuntimeLog.NodeJoined(logger, lease.Name, lease.Incarnation);
        var node = new EngineNode(store, lease, work, options, time, logger);
        try
        {
            await node.TakeShardsAsync([.. Enumerable.Range(0, store.ShardCount)], recover, cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when what was committed on this node before the call can be read from the read models.</summary>
    public Task ReadModelsCaughtUpAsync(CancellationToken cancellationToken) => _projector.CaughtUpAsync(cancellationToken);

    /// <summary>Stops in good order: nothing new starts, running stages get the grace, what is left stays owed, shards are given up.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        Pools.Pause();
        var left = await _runner.StopAsync(grace);
        await _writer.StopAsync(TimeSpan.FromSeconds(10));
        await _region.AbandonAsync(_ledger.Drop(_ledger.Owned()));
        await _projector.DisposeAsync();
        await _store.Nodes.LeaveAsync(_lease.Incarnation, CancellationToken.None);
        RuntimeLog.NodeStopped(_logger, _lease.Name, left);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _region.Dispose();
        Pools.Dispose();
        _circuits.Dispose();
        await _runner.DisposeAsync();
        await _writer.DisposeAsync();
        await _replays.DisposeAsync();
    }

    private async Task TakeShardsAsync(IReadOnlyCollection<int> shards, bool recover, CancellationToken cancellationToken)
    {
        var taken = await _store.Nodes.AcquireAsync(_lease.Incarnation, shards, cancellationToken);
        _ledger.Take(taken);
        _projector.Take(taken);
        if (recover)
        {
            await RecoverAsync([.. taken.Select(shard => shard.Shard)], cancellationToken);
        }
    }

    /// <summary>Recovery is replay, and then starting what is owed. A job that waits needs no actor for that.</summary>
    private async Task RecoverAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var (jobs, quarantined) = (0, 0);
        await foreach (var replay in JobReplay.FoldAsync(_store.Journal.ReadActiveAsync(shards, cancellationToken), cancellationToken))
        {
            if (replay.Job is { } job)
            {
                _context.Owe(job);
                jobs++;
            }
            else
            {
                RuntimeLog.JobQuarantined(_logger, replay.Id.Value, replay.Corruption!);
                quarantined++;
            }
        }

        RuntimeLog.ShardsTaken(_logger, string.Join(',', shards), jobs, quarantined);
    }
}
