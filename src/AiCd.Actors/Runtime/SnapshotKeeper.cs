using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>
/// Keeps snapshots of unfinished jobs whose histories grow long, and removes them when the jobs end. It works behind the appends and holds
/// nobody up; a snapshot that is not written costs a longer replay and nothing else.
/// </summary>
internal sealed class SnapshotKeeper : IAsyncDisposable
{
    private const int MaxJobsPerWrite = 200;
    private const int Backlog = 10_000;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ISnapshots _snapshots;
    private readonly int _every;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Job> _changed = Channel.CreateBounded<Job>(new BoundedChannelOptions(Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public SnapshotKeeper(ISnapshots snapshots, int every, TimeProvider time, ILogger logger)
    {
        _snapshots = snapshots;
        _every = every;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>A job has moved on; never blocks.</summary>
    public void Moved(Job? before, Job after)
    {
        var last = before?.Seq ?? 0;
        if (after.IsActive ? after.Seq / _every > last / _every : after.Seq >= _every && before is { IsActive: true })
        {
            _changed.Writer.TryWrite(after);
        }
    }

    /// <summary>Writes what it has, unless the store is away.</summary>
    public async ValueTask DisposeAsync()
    {
        _changed.Writer.TryComplete();
        await _loop.WaitAsync(Grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _changed.Reader.WaitToReadAsync())
        {
            var latest = new Dictionary<JobId, Job>();
            while (latest.Count < MaxJobsPerWrite && _changed.Reader.TryRead(out var job))
            {
                latest[job.Id] = job;
            }

            try
            {
                await WriteAsync(latest.Values);
            }
            catch (Exception error)
            {
                RuntimeLog.SnapshotsFailed(_logger, error, latest.Count);
            }
        }
    }

    private async Task WriteAsync(IEnumerable<Job> jobs)
    {
        var byActivity = jobs.ToLookup(job => job.IsActive);
        var grown = byActivity[true].Select(SnapshotCodec.Encode).ToList();
        var ended = byActivity[false].Select(job => job.Id).ToList();
        if (grown.Count > 0)
        {
            await _snapshots.WriteAsync(grown, _stop.Token);
        }

        if (ended.Count > 0)
        {
            await _snapshots.RemoveAsync(ended, _stop.Token);
        }
    }
}
