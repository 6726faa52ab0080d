using System.Text.Json;
using AiCd.Actors.Hosting;
using AiCd.Actors.Runtime;
using AiCd.Web.Engine;
using AiCd.Web.Json;
using AiCd.Web.Notifications;
using Microsoft.Extensions.Hosting;

namespace AiCd.Web.Streams;

/// <summary>Hears what this node's jobs do: a commit wakes the tail, what attempts say goes to the job's readers.</summary>
internal sealed class FeedRelay(IEngine engine, EngineReadiness ready, JournalTail tail, NotificationSignals notifications) : BackgroundService
{
    private const int MaxText = 20_000;

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

        switch (signal)
        {
            case JobRecorded:
                tail.Wake();
                break;
            case JobProgressed progressed when tail.Readers.Wants(signal.Job):
                Offer("progress", new StreamedNote("progress", signal.Job.Value, progressed.Stage, progressed.AttemptId, null, Cut(progressed.Message)));
                break;
            case JobSpoke spoke when tail.Readers.Wants(signal.Job):
                Offer("transcript", new StreamedNote("transcript", signal.Job.Value, spoke.Stage, spoke.AttemptId, spoke.Role, Cut(spoke.Text)));
                break;
        }

        void Offer(string name, StreamedNote note) => tail.Readers.Offer(signal.Job, new StreamNote(name, JsonSerializer.SerializeToUtf8Bytes(note, WebJson.Options)));
    }

    private static string Cut(string text) => text.Length > MaxText ? text[..MaxText] + "…" : text;
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
