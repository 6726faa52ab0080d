using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// Keeps the node's lease and its fair share of shards. A node that cannot renew stops its actors before others may take its shards;
/// renewal never waits for balancing, which may have much to recover.
/// </summary>
internal sealed class ShardKeeper : IAsyncDisposable
{
    /// <summary>So much later the database has no doubt either.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(20);

    private readonly INodes _nodes;
    private readonly string _incarnation;
    private readonly EngineOptions _options;
    private readonly LeaseClock _clock;
    private readonly LivingNodes _living;
    private readonly ShardLedger _ledger;
    private readonly Func<ClusterView, IReadOnlyCollection<int>, Balance> _balance;
    private readonly NodeSignals _signals;
    private readonly Func<IReadOnlyList<int>, CancellationToken, Task> _take;
    private readonly Func<IReadOnlyList<int>, Task> _release;
    private readonly Action<IReadOnlyList<int>> _lost;
    private readonly Action _leaseLost;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _balanceNow = new(1);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _expiry;
    private readonly ITimer _nextDeath;
    private bool _balancing = true;
    private Task _loops = Task.CompletedTask;

    public ShardKeeper(
        INodes nodes,
        string incarnation,
        EngineOptions options,
        LeaseClock clock,
        LivingNodes living,
        ShardLedger ledger,
        Func<ClusterView, IReadOnlyCollection<int>, Balance> balance,
        NodeSignals signals,
        Func<IReadOnlyList<int>, CancellationToken, Task> take,
        Func<IReadOnlyList<int>, Task> release,
        Action<IReadOnlyList<int>> lost,
        Action leaseLost,
        TimeProvider time,
        ILogger logger)
    {
        _nodes = nodes;
        _incarnation = incarnation;
        _options = options;
        _clock = clock;
        _living = living;
        _ledger = ledger;
        _balance = balance;
        _signals = signals;
        _take = take;
        _release = release;
        _lost = lost;
        _leaseLost = leaseLost;
        _time = time;
        _logger = logger;
        _expiry = time.CreateTimer(_ => Lose(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _nextDeath = time.CreateTimer(_ => BalanceNow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The last picture of the cluster.</summary>
    public ClusterView View { get; private set; } = new([], []);

    /// <summary>True from a renewal that failed to the next that succeeds: the database may be away.</summary>
    public bool RenewalFails { get; private set; }

    /// <param name="joinedAt">Timestamp from before the node joined.</param>
    public async Task StartAsync(long joinedAt, CancellationToken cancellationToken)
    {
        Renewed(joinedAt);
        _signals.ShardsMoved += BalanceNow;
        var renewing = Task.Run(RenewLoopAsync, CancellationToken.None);
        _loops = renewing;
        await BalanceAsync(cancellationToken);
        _signals.TellShardsMoved();
        _loops = Task.WhenAll(renewing, Task.Run(BalanceLoopAsync, CancellationToken.None));
    }

    /// <summary>From now on the node only keeps its lease, for the attempts that still run.</summary>
    public async Task StopBalancingAsync()
    {
        await _turn.WaitAsync();
        _balancing = false;
        _turn.Release();
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        View = await _nodes.ReadAsync(cancellationToken);
        _living.Update(View);
        AwaitNextDeath();
    }

    /// <summary>A round soon.</summary>
    public void BalanceNow()
    {
        if (!_stop.IsCancellationRequested && _balanceNow.CurrentCount == 0)
        {
            _balanceNow.Release();
        }
    }

    /// <summary>One round, now.</summary>
    public async Task BalanceAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RefreshAsync(cancellationToken);
            if (_balancing)
            {
                await ApplyAsync(_balance(View, _ledger.Owned()), cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _signals.ShardsMoved -= BalanceNow;
        await _stop.CancelAsync();
        await _expiry.DisposeAsync();
        await _nextDeath.DisposeAsync();
        await _loops;
        _stop.Dispose();
        _balanceNow.Dispose();
        _turn.Dispose();
    }

    /// <summary>Looks again when the first lease of another node could run out: until the next renewal its jobs would wait for nothing.</summary>
    private void AwaitNextDeath()
    {
        var others = View.Nodes.Where(node => node.Alive && node.Incarnation != _incarnation).Select(node => node.Remaining).ToList();
        _nextDeath.Change(others.Count > 0 ? others.Min() + Afterwards : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The lease is given up a fifth early, so that what this node still does ends before others begin.</summary>
    private void Renewed(long sentAt)
    {
        RenewalFails = false;
        _clock.Renewed(sentAt, _options.Lease);
        var left = (_options.Lease * 0.8) - _time.GetElapsedTime(sentAt);
        _expiry.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Lose()
    {
        if (!_stop.IsCancellationRequested)
        {
            RuntimeLog.LeaseLost(_logger, _incarnation);
            _leaseLost();
        }
    }

    private async Task RenewLoopAsync()
    {
        using var timer = new PeriodicTimer(_options.Renewal, _time);
        while (await NextAsync(timer))
        {
            var sentAt = _time.GetTimestamp();
            try
            {
                if (!await _nodes.RenewAsync(_incarnation, _options.Lease, _stop.Token))
                {
                    Lose();
                    return;
                }

                Renewed(sentAt);
                BalanceNow();
            }
            catch (JournalException error)
            {
                RenewalFails = true;
                RuntimeLog.RenewalFailed(_logger, error, _incarnation);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task BalanceLoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _balanceNow.WaitAsync(_stop.Token);
                await BalanceAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever went wrong, the next round begins with what the database shows then.
                RuntimeLog.BalanceFailed(_logger, error);
            }
        }
    }

    private async Task ApplyAsync(Balance balance, CancellationToken cancellationToken)
    {
        if (balance.Lost.Count > 0)
        {
            _lost(balance.Lost);
        }

        if (balance.Release.Count > 0)
        {
            await _release(balance.Release);
        }

        if (balance.Take.Count > 0)
        {
            await _take(balance.Take, cancellationToken);
        }
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
