using AiCd.Actors.Hosting;
using AiCd.Actors.Runtime;
using AiCd.Web.Engine;
using AiCd.Web.Notifications;
using Microsoft.Extensions.Hosting;

namespace AiCd.Web.Streams;

/// <summary>Hears what this node's jobs do: a commit wakes the tail, what attempts say goes to the job's readers.</summary>
internal sealed class FeedRelay(IEngine engine, EngineReadiness ready, JournalTail tail, NotificationSignals notifications) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await ready.WaitAsync(stoppingToken))
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            using var subscription = engine.Feed.Subscribe(job: null);

            // What was committed before the subscription woke nobody.
            tail.Wake();
            try
            {
                await foreach (var signal in subscription.Signals.ReadAllAsync(stoppingToken))
                {
                    Pass(signal);
                }
            }
            catch (SlowReaderException)
            {
                // What attempts said meanwhile is missed; events are in the journal.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Pass(JobSignal signal)
    {
        if (signal is JobRecorded)
        {
            notifications.Recorded();
        }

        if (tail.Readers.Count == 0)
        {
            return;
        }

        if (signal is JobRecorded)
        {
            tail.Wake();
        }
        else if (tail.Readers.Wants(signal.Job) && signal.ToNote() is { } note)
        {
            tail.Readers.Offer(signal.Job, StreamNote.Of(note));
        }
    }
}

/// <summary>Tells when the node that this process hosts has started.</summary>
public class EngineReadiness(EngineService? service)
{
    /// <returns>False where it did not start.</returns>
    public virtual async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (service is null)
        {
            return true;
        }

        await service.Started.WaitAsync(cancellationToken);
        return service.Node is not null;
    }
}
