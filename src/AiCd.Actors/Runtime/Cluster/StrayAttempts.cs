using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Stages;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// Finds attempts that run here for jobs on other nodes and whose result nobody wants any more. Their owner says so by a signal; this
/// is the polling behind it.
/// </summary>
internal sealed class StrayAttempts : IAsyncDisposable
{
    private readonly StageRunner _runner;
    private readonly ShardLedger _ledger;
    private readonly ReplayBatcher _replays;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public StrayAttempts(StageRunner runner, ShardLedger ledger, ReplayBatcher replays, TimeSpan every, TimeProvider time, ILogger logger)
    {
        _runner = runner;
        _ledger = ledger;
        _replays = replays;
        _time = time;
        _logger = logger;
        _loop = Task.Run(() => RunAsync(every));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every, _time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
                await LookAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                RuntimeLog.StrayAttemptsFailed(_logger, error);
            }
        }
    }

    private async Task LookAsync()
    {
        foreach (var (job, attempt) in _runner.Running.Where(running => !_ledger.Owns(running.Job.Shard)).ToList())
        {
            var replay = await _replays.ReadAsync(job).WaitAsync(_stop.Token);
            if (replay.Job is { } now && now.Entry.Running?.Id != attempt)
            {
                _runner.Cancel(attempt);
            }
        }
    }
}
