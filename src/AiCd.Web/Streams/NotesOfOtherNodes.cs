using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Streams;

/// <summary>
/// Brings the readers of single jobs what attempts at other nodes say. It tells those nodes which jobs are read here, and looks for their
/// notes in the store while they are; it rests while no job is read.
/// </summary>
internal sealed class NotesOfOtherNodes(
    IEngine engine, EngineReadiness ready, IStore store, JournalTail tail, WebOptions options, TimeProvider time, ILogger<NotesOfOtherNodes> logger) : BackgroundService
{
    private const int AtATime = 500;

    /// <summary>Well before the other nodes forget it.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<JobId, long> _places = [];
    private long _toldAt;
    private long _endThen;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.IsShared || !await ready.WaitAsync(stoppingToken))
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await tail.Readers.JobsAreRead.WaitAsync(stoppingToken);
                await LookAsync(tail.Readers.Jobs, stoppingToken);
                await Task.Delay(options.TailPolling, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // After a crash the database numbers notes anew, so the places may mean nothing any more.
                WebLog.NotesNotRead(logger, error);
                _places.Clear();
                _endThen = 0;
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LookAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken)
    {
        foreach (var left in _places.Keys.Except(jobs).ToList())
        {
            _places.Remove(left);
        }

        await TellAsync(jobs, cancellationToken);
        IReadOnlyList<NumberedNote> notes;
        do
        {
            notes = await store.Notes.ReadAsync(_places, engine.Incarnation, AtATime, cancellationToken);
            foreach (var (number, note) in notes)
            {
                _places[note.Job] = number;
                tail.Readers.Offer(note.Job, StreamNote.Of(note));
            }
        }
        while (notes.Count == AtATime);
    }

    /// <summary>Of those that are new at once, of all every so often.</summary>
    private async Task TellAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken)
    {
        var came = jobs.Where(job => !_places.ContainsKey(job)).ToList();
        if (came.Count > 0)
        {
            // Before the others are told: what they say thereupon comes after it.
            var end = await store.Notes.EndAsync(cancellationToken);
            came.ForEach(job => _places[job] = end);
        }

        var all = time.GetElapsedTime(_toldAt) >= Renewal;
        if (all)
        {
            _toldAt = time.GetTimestamp();

            // Jobs of which nothing was said keep up as well, or every look would be at all that was said of others. What was numbered before
            // the last renewal and is not there yet will not come.
            foreach (var job in jobs)
            {
                _places[job] = Math.Max(_places[job], _endThen);
            }

            _endThen = await store.Notes.EndAsync(cancellationToken);
        }

        if (all || came.Count > 0)
        {
            engine.TellWatched(all ? jobs : came);
        }
    }
}
