using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Actors.Stages;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>
/// A node over its whole life: one incarnation after the other. When the lease is lost, the incarnation is abandoned and a new one joins;
/// callers of the gateway notice at most that it takes longer.
/// </summary>
public sealed class EngineNode : IJobGateway, IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly bool _recover;
    private readonly CancellationTokenSource _stop = new();
    private volatile NodeIncarnation _node;

    // The job that is driven or watched where no others are recovered.
    private volatile string? _charge;
    private Task _watch = Task.CompletedTask;
    private int _disposed;

    private EngineNode(EngineParts parts, NodeIncarnation node, bool recover)
    {
        _parts = parts;
        _node = node;
        _recover = recover;
    }

    public IJobGateway Gateway => this;

    public JobFeed Feed => _parts.Feed;

    public StagePools Pools => _node.Pools;

    /// <summary>Of the incarnation that is alive now.</summary>
    public string Incarnation => _node.Incarnation;

    public int LiveActors => _node.LiveActors;

    public IReadOnlyList<ActorView> Actors() => _node.Actors();

    /// <summary>The shards whose jobs are driven here.</summary>
    public IReadOnlyList<int> OwnedShards => _node.OwnedShards;

    /// <summary>True while the node takes commands and the store takes appends.</summary>
    public bool IsReady => _node.IsReady;

    /// <summary>Joins, takes shards and, if asked to, brings back what their jobs owe.</summary>
    /// <param name="recover">
    /// False where only single jobs are to be driven: those that are submitted or woken here. In a store that nodes share, such a node
    /// leaves the driving to those that live, and takes the job's shard where none does.
    /// </param>
    public static async Task<EngineNode> StartAsync(
        IStore store,
        IStageWork work,
        EngineOptions options,
        bool recover,
        TimeProvider time,
        ILogger<EngineNode> logger,
        CancellationToken cancellationToken)
    {
        if (!store.IsShared && !options.DrivesJobs)
        {
            throw new ArgumentException($"{EngineOptions.Section}:{nameof(EngineOptions.Role)}: expected engine or both on a store that no other node shares, got '{options.Role}'", nameof(options));
        }

        var parts = new EngineParts(store, work, options, new JobFeed(), new EngineMetrics(), time, logger);
        var engine = new EngineNode(parts, await NodeIncarnation.StartAsync(parts, recover, cancellationToken), recover);
        parts.Metrics.Observe(
            () => engine.Pools.All.Select(pool => pool.View()), () => engine._node.LeaseRemaining, () => engine._node.ProjectionLag, () => engine.LiveActors,
            () => engine.OwnedShards.Count);
        engine._watch = Task.Run(engine.WatchAsync, CancellationToken.None);
        return engine;
    }

    public async Task<SubmitResult> SubmitAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (_recover)
        {
            return await _node.Gateway.SubmitAsync(job, cancellationToken);
        }

        await _node.MakeRoomAsync(cancellationToken);
        var submitted = await _node.Gateway.SubmitAsync(job, cancellationToken);
        LookAfter(submitted.Job);
        return submitted;
    }

    public Task<CommandResult> SendAsync(
        JobId job, JobCommand command, IReadOnlyList<ArtifactContent>? contents = null, CancellationToken cancellationToken = default) =>
        _node.Gateway.SendAsync(job, command, contents, cancellationToken);

    public Task<Job?> FindAsync(JobId job, CancellationToken cancellationToken) => _node.Gateway.FindAsync(job, cancellationToken);

    public async Task<Job?> WakeAsync(JobId job, CancellationToken cancellationToken)
    {
        if (!_recover)
        {
            LookAfter(job);
        }

        return await _node.Gateway.WakeAsync(job, cancellationToken);
    }

    public Task<WaitingReason?> ExplainAsync(JobId job, CancellationToken cancellationToken) => _node.Gateway.ExplainAsync(job, cancellationToken);

    /// <summary>Changes a pool on every node, now and after restarts.</summary>
    public Task ChangePoolAsync(PoolSetting setting, CancellationToken cancellationToken) => _node.ChangePoolAsync(setting, cancellationToken);

    /// <summary>Asks the other nodes to pass on what attempts of these jobs say; for 15 seconds, so whoever reads on asks again.</summary>
    public void TellWatched(IReadOnlyCollection<JobId> jobs) => _node.TellWatched(jobs);

    /// <returns>Why the job does not move, as far as this node knows; null where it runs, has ended, or another node drives it.</returns>
    public WaitingReason? Explain(Job job) => _node.Explain(job);

    /// <summary>Completes when what was committed on this node before the call can be read from the read models.</summary>
    public Task ReadModelsCaughtUpAsync(CancellationToken cancellationToken) => _node.ReadModelsCaughtUpAsync(cancellationToken);

    /// <summary>Stops in good order; see <see cref="EngineOptions.StopGrace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stop.CancelAsync();
        await _watch;
        await _node.StopAsync(grace);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopAsync(TimeSpan.Zero);
        await _node.DisposeAsync();
        _parts.Metrics.Dispose();
        _stop.Dispose();
    }

    private void LookAfter(JobId job)
    {
        _charge = job.Value;
        _node.LookAfter(job);
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _node.LeaseLost.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            var gone = _node;
            await TryAsync(gone.AbandonAsync);
            await RejoinAsync();
            if (_node != gone)
            {
                // Otherwise the node was stopped meanwhile, and disposes what it still has.
                await TryAsync(async () => await gone.DisposeAsync());
            }
        }
    }

    /// <summary>What is left of an incarnation that is gone must not keep the next one from joining.</summary>
    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception error)
        {
            RuntimeLog.FarewellFailed(_parts.Logger, error);
        }
    }

    private async Task RejoinAsync()
    {
        for (var failures = 1; !_stop.IsCancellationRequested; failures++)
        {
            try
            {
                _node = await NodeIncarnation.StartAsync(_parts, _recover, _stop.Token);
                if (_charge is { } job)
                {
                    _node.LookAfter(JobId.Parse(job));
                }

                return;
            }
            catch (Exception error)
            {
                // Whatever it was: a node that gives up here drives nothing until somebody restarts it.
                RuntimeLog.JoinFailed(_parts.Logger, error, failures);
                var pause = Backoff.After(TimeSpan.FromMilliseconds(200), Math.Min(failures, 6), Random.Shared.NextDouble());
                await Task.Delay(pause, _parts.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
