using System.Collections.Concurrent;
using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// Passes on what attempts of this node say to readers at other nodes, while those say that they are there. Nothing waits for it: where
/// the store is slow the oldest notes are left out, and where it is away what was said meanwhile is.
/// </summary>
internal sealed class NotePublisher : IAsyncDisposable
{
    /// <summary>Whoever reads says so more often than that.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Tidying = TimeSpan.FromMinutes(1);

    private const int MaxJobs = 20_000;
    private const int MaxWaiting = 500;
    private const int BatchSize = 100;

    private readonly string _incarnation;
    private readonly ILiveNotes _store;
    private readonly NodeSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<JobId, long> _watchedAt = new();
    private readonly Channel<LiveNote> _notes = Channel.CreateBounded<LiveNote>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public NotePublisher(string incarnation, ILiveNotes store, NodeSignals signals, TimeProvider time, ILogger logger)
    {
        (_incarnation, _store, _signals, _time, _logger) = (incarnation, store, signals, time, logger);
        _signals.JobsWatched += Watch;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Costs next to nothing where nobody reads the job elsewhere.</summary>
    public void Offer(JobSignal signal)
    {
        if (_watchedAt.TryGetValue(signal.Job, out var at) && _time.GetElapsedTime(at) < Watched && signal.ToNote() is { } note)
        {
            _notes.Writer.TryWrite(note);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _signals.JobsWatched -= Watch;
        _notes.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private void Watch(string incarnation, IReadOnlyList<JobId> jobs)
    {
        if (incarnation == _incarnation)
        {
            return;
        }

        var now = _time.GetTimestamp();
        foreach (var job in jobs)
        {
            if (_watchedAt.Count < MaxJobs || _watchedAt.ContainsKey(job))
            {
                _watchedAt[job] = now;
            }
        }
    }

    private async Task RunAsync()
    {
        using var timer = _time.CreateTimer(_ => Forget(), null, Watched, Watched);
        var (tidiedAt, batch) = (_time.GetTimestamp(), new List<LiveNote>(BatchSize));
        try
        {
            while (await _notes.Reader.WaitToReadAsync(_stop.Token))
            {
                while (batch.Count < BatchSize && _notes.Reader.TryRead(out var note))
                {
                    batch.Add(note);
                }

                await TryAsync(() => _store.WriteAsync(_incarnation, batch, _stop.Token));
                batch.Clear();
                if (_time.GetElapsedTime(tidiedAt) > Tidying)
                {
                    tidiedAt = _time.GetTimestamp();
                    await TryAsync(() => _store.RemoveAsync(Kept, _stop.Token));
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The transcripts have what was not passed on.
        }
    }

    private void Forget()
    {
        foreach (var (job, at) in _watchedAt)
        {
            if (_time.GetElapsedTime(at) >= Watched)
            {
                _watchedAt.TryRemove(KeyValuePair.Create(job, at));
            }
        }
    }

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (JournalException error)
        {
            RuntimeLog.NotesNotPassedOn(_logger, error);
        }
    }
}
