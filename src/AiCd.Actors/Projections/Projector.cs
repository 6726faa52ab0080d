using System.Threading.Channels;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Projections;

/// <summary>
/// Keeps the read model of jobs. It is fed from committed batches in memory, in shard order; it reads the journal only to catch up
/// after a start or a takeover. What it writes is a function of the journal, so a lost write is made again.
/// </summary>
internal sealed class Projector : IAsyncDisposable
{
    private const int MaxJobsPerWrite = 2_000;

    /// <summary>
    /// How long what was committed may wait for more. A job that moves on meanwhile is written once, which spares the database most of
    /// its work under load; whoever reads his own write does not wait. The longer the last write took the longer the next one waits, so
    /// that the read model has a fifth of the time and the journal the rest.
    /// </summary>
    private static readonly TimeSpan ShortestLinger = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(1);
    private const int LingerPerWrite = 4;

    private readonly IJobViews _views;
    private readonly ShardCatchUp _catchUp;
    private readonly ShardLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly SemaphoreSlim _urgent = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<int, long> _cursors = [];
    private readonly ProjectionBacklog _backlog = new();
    private readonly Task _loop;
    private TimeSpan _linger = ShortestLinger;
    private int _queued;

    public Projector(IJobViews views, IJournal journal, ShardLedger ledger, TimeProvider time, ILogger logger)
    {
        _views = views;
        _catchUp = new ShardCatchUp(views, journal, logger);
        _ledger = ledger;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>What is committed and not projected yet: batches that came just now, and the jobs of those before.</summary>
    public int Lag => Volatile.Read(ref _queued) + _backlog.Count;

    /// <summary>Hands over what was committed; never blocks.</summary>
    public void Feed(CommittedBatch batch)
    {
        if (_queue.Writer.TryWrite(new Work(batch, [], null)))
        {
            Interlocked.Increment(ref _queued);
        }
    }

    /// <summary>Catches the shards up from the journal before anything is fed to them.</summary>
    public void Take(IReadOnlyList<OwnedShard> shards) => _queue.Writer.TryWrite(new Work(null, shards, null));

    /// <summary>Completes when all that was fed before the call can be read.</summary>
    public async Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_queue.Writer.TryWrite(new Work(null, [], done)))
        {
            _urgent.Release();
            await done.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _urgent.Release();
        await _loop.WaitAsync(TimeSpan.FromSeconds(10), _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _urgent.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_backlog.IsEmpty || await _queue.Reader.WaitToReadAsync())
        {
            if (_backlog.IsEmpty)
            {
                await GatherAsync();
            }

            var waiting = new List<TaskCompletionSource>();
            IReadOnlyList<OwnedShard> taken = [];
            while (taken.Count == 0 && _queue.Reader.TryRead(out var work))
            {
                if (work.Batch is { } batch)
                {
                    _backlog.Add(batch);
                    Interlocked.Decrement(ref _queued);
                }

                if (work.Reader is { } reader)
                {
                    waiting.Add(reader);
                }

                taken = work.Taken;
            }

            await WriteAsync(all: waiting.Count > 0 || taken.Count > 0);
            await UntilDoneAsync(() => CatchUpAsync(taken));
            waiting.ForEach(reader => reader.TrySetResult());
        }
    }

    /// <param name="all">True where somebody waits for what is there; otherwise what arrives meanwhile goes into the next write.</param>
    private async Task WriteAsync(bool all)
    {
        var started = _time.GetTimestamp();
        do
        {
            var projections = _backlog.Take(MaxJobsPerWrite, shard => _cursors.GetValueOrDefault(shard));
            if (projections.Count > 0)
            {
                await UntilDoneAsync(() => ProjectAsync(projections));
            }
        }
        while (all && !_backlog.IsEmpty);

        var wanted = LingerPerWrite * _time.GetElapsedTime(started);
        _linger = wanted < ShortestLinger ? ShortestLinger : wanted > LongestLinger ? LongestLinger : wanted;
    }

    /// <summary>Waits for more, unless somebody waits for what is there. Spent urgency is taken back, so that it hurries nobody else.</summary>
    private async Task GatherAsync()
    {
        using var linger = new CancellationTokenSource(_linger, _time);
        await _urgent.WaitAsync(linger.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_urgent.Wait(0))
        {
        }
    }

    private async Task ProjectAsync(IReadOnlyList<ShardProjection> projections)
    {
        var stale = await _views.ProjectAsync(projections, _stop.Token);
        foreach (var projection in projections)
        {
            _cursors[projection.Shard] = projection.To;
        }

        await CatchUpAsync([.. stale.Select(shard => _ledger.Find(shard)).OfType<OwnedShard>()]);
    }

    private async Task CatchUpAsync(IReadOnlyList<OwnedShard> shards)
    {
        foreach (var (shard, cursor) in await _catchUp.RunAsync(shards, _stop.Token))
        {
            _cursors[shard] = cursor;
        }
    }

    private async Task UntilDoneAsync(Func<Task> write)
    {
        for (var failures = 1; !_stop.IsCancellationRequested; failures++)
        {
            try
            {
                await write();
                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The journal has it all: whatever went wrong here, trying again is right and losing the loop is not.
                RuntimeLog.ProjectionFailed(_logger, error, failures);
                var pause = Backoff.After(TimeSpan.FromMilliseconds(100), Math.Min(failures, 6), Random.Shared.NextDouble());
                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private sealed record Work(CommittedBatch? Batch, IReadOnlyList<OwnedShard> Taken, TaskCompletionSource? Reader);
}
