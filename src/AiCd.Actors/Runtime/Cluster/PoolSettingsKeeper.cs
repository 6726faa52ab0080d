using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>Makes this node's pools as operators set them for all nodes: at the start, on a signal, and in any case every so often.</summary>
internal sealed class PoolSettingsKeeper : IAsyncDisposable
{
    private readonly IPoolSettings _settings;
    private readonly StagePools _pools;
    private readonly NodeSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _look = new(0);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyList<PoolSetting> _applied = [];
    private Task _loop = Task.CompletedTask;

    public PoolSettingsKeeper(IPoolSettings settings, StagePools pools, NodeSignals signals, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _pools = pools;
        _signals = signals;
        _time = time;
        _logger = logger;
        _signals.PoolsChanged += Look;
    }

    public async Task StartAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        await ApplyAsync(cancellationToken);
        _loop = Task.Run(() => RunAsync(every), CancellationToken.None);
    }

    public async Task ChangeAsync(PoolSetting setting, CancellationToken cancellationToken)
    {
        await _settings.WriteAsync(setting, cancellationToken);
        await ApplyAsync(cancellationToken);
        _signals.TellPoolsChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _signals.PoolsChanged -= Look;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _look.Dispose();
        _turn.Dispose();
    }

    private void Look()
    {
        if (!_stop.IsCancellationRequested)
        {
            _look.Release();
        }
    }

    private async Task RunAsync(TimeSpan every)
    {
        using var timer = _time.CreateTimer(_ => Look(), null, every, every);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _look.WaitAsync(_stop.Token);
                await ApplyAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (JournalException error)
            {
                RuntimeLog.PoolSettingsFailed(_logger, error);
            }
        }
    }

    /// <summary>One at a time: of two that read different things, the later reading must also be the one that stays.</summary>
    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var settings = await _settings.ReadAsync(cancellationToken);
            if (!settings.SequenceEqual(_applied))
            {
                _pools.Apply(settings);
                _applied = settings;
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
