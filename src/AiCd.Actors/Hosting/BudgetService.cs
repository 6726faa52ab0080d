using AiCd.Actors.Budgets;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Hosting;

/// <summary>Looks from time to time whether jobs that wait for money may go on.</summary>
public sealed class BudgetService(EngineService engine, BudgetKeeper keeper, BudgetOptions options, TimeProvider time, ILogger<BudgetService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await engine.Started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Recheck, time);
        do
        {
            try
            {
                if (engine.Node is { } node)
                {
                    await keeper.ReleaseAsync(node.Gateway, by: null, stoppingToken);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was: a service that ends takes its server along.
                RuntimeLog.BudgetsNotChecked(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
