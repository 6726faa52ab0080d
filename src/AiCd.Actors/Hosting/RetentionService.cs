using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Retention;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Hosting;

/// <summary>Passes over the node's own shards and its own disk every so often.</summary>
public sealed class RetentionService(
    EngineService engine, RetentionPass pass, WorkspaceSweep sweep, RetentionOptions options, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await engine.Started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            await PassAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pass.RunAsync(engine.Node?.OwnedShards ?? [], cancellationToken);
            await sweep.RunAsync(cancellationToken);
        }
        catch (Exception error) when (error is JournalException or StageException or IOException or UnauthorizedAccessException)
        {
            RuntimeLog.RetentionFailed(logger, error);
        }
    }
}
