using AiCd.Web.Store;
using AiCd.Web.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.GitHub;

/// <summary>Wakes the pump when a delivery came in on this node.</summary>
internal sealed class DeliveryWake : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Set()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    public void Dispose() => _signal.Dispose();

    public Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken) => _signal.WaitAsync(patience, cancellationToken);
}

/// <summary>
/// Applies deliveries that were received, on any node, each until it is applied. One that a crash interrupted is taken up again after
/// its time; one that fails again and again is given up and says so.
/// </summary>
internal sealed class DeliveryPump(
    IWebStore store, DeliveryHandler handler, EngineReadiness ready, DeliveryWake wake, TimeProvider time, ILogger<DeliveryPump> logger) : BackgroundService
{
    private const int AtOnce = 20;
    private const int MaxAttempts = 10;

    private static readonly TimeSpan Polling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await ready.WaitAsync(stoppingToken))
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await ApplyDueAsync(stoppingToken) == AtOnce)
                {
                }

                await wake.WaitAsync(Polling, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // What was received is stored: whatever went wrong, the next round takes it up.
                WebLog.DeliveriesFailed(logger, error);
                await Task.Delay(Polling, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> ApplyDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var deliveries = await store.TakeDeliveriesAsync(now, now + Hold, AtOnce, cancellationToken);
        foreach (var delivery in deliveries)
        {
            await ApplyAsync(delivery, cancellationToken);
        }

        return deliveries.Count;
    }

    private async Task ApplyAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        string outcome;
        try
        {
            outcome = await handler.ApplyAsync(delivery, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            WebLog.DeliveryFailed(logger, error, delivery.Id, delivery.Event, delivery.Attempts);
            if (delivery.Attempts < MaxAttempts)
            {
                return;
            }

            outcome = $"{Delivery.GivenUp}: {error.GetType().Name}";
        }

        await store.AppliedAsync(delivery.Id, outcome, time.GetUtcNow(), cancellationToken);
        WebLog.DeliveryApplied(logger, delivery.Id, delivery.Event, Shown(outcome));
    }

    /// <summary>Outcomes may repeat what somebody wrote; a log line stays one line.</summary>
    private static string Shown(string outcome) => new([.. outcome.Take(300).Select(c => char.IsControl(c) ? ' ' : c)]);
}
