using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Web.Json;
using AiCd.Web.Streams;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Dashboard.Live;

/// <summary>Follows one job for a page: that it moved on, and what its running attempt says.</summary>
internal sealed class JobWatch : IAsyncDisposable
{
    /// <summary>What is said beyond is forgotten, the oldest first: the transcript has it when the attempt has ended.</summary>
    private const int MostNotes = 1_000;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly JournalTail _tail;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Queue<StreamedNote> _notes = [];
    private readonly Task _running;

    public JobWatch(string tenant, JobId job, JournalTail tail, TimeProvider time, ILogger<TenantPulses> logger, Action<bool> changed)
    {
        (_tail, _time, _logger) = (tail, time, logger);
        _running = RunAsync(tenant, job, changed);
    }

    public IReadOnlyList<StreamedNote> Notes
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <param name="changed">Told true where the job has moved on, false where only something was said.</param>
    private async Task RunAsync(string tenant, JobId job, Action<bool> changed)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var subscription = await _tail.SubscribeAsync(tenant, job, _stop.Token);
                changed(true);
                while (await subscription.Messages.WaitToReadAsync(_stop.Token))
                {
                    changed(Drain(subscription));
                    await Task.Delay(Beat, _time, _stop.Token);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The journal has it all: trying again is right, whatever it was.
                WebLog.PulseFailed(_logger, error);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool Drain(StreamSubscription subscription)
    {
        var moved = false;
        while (subscription.Messages.TryRead(out var message))
        {
            if (message is StreamNote note && JsonSerializer.Deserialize<StreamedNote>(note.Data, WebJson.Options) is { } said)
            {
                Keep(said);
            }

            moved |= message is StreamEvent;
        }

        return moved;
    }

    private void Keep(StreamedNote note)
    {
        lock (_lock)
        {
            _notes.Enqueue(note);
            if (_notes.Count > MostNotes)
            {
                _notes.Dequeue();
            }
        }
    }
}
