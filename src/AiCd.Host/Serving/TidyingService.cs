using System.Threading.Channels;
using AiCd.Actors.Hosting;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Host.Driving;
using Microsoft.Extensions.Hosting;

namespace AiCd.Host.Serving;

/// <summary>Tidies up after every job that ends on this node.</summary>
internal sealed class TidyingService(EngineService engine, Tidier tidier) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await engine.Started.WaitAsync(stoppingToken);
        while (engine.Node is { } node)
        {
            using var subscription = node.Feed.Subscribe(job: null);
            try
            {
                await foreach (var signal in subscription.Signals.ReadAllAsync(stoppingToken))
                {
                    if (signal is JobRecorded { State: var state } && state.IsTerminal())
                    {
                        await tidier.TidyAsync(signal.Job, stoppingToken);
                    }
                }
            }
            catch (SlowReaderException)
            {
                // What was missed stays; the next job is tidied up after.
            }
        }
    }
}
