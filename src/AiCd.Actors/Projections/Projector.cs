using System.Threading.Channels;
using AiCd.Actors.Jobs;
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
    /// its work under load; whoever reads his own write does not wait.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);

    private readonly IJobViews _views;
    private readonly ShardCatchUp _catchUp;
    private readonly ShardLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly SemaphoreSlim _urgent = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<int, long> _cursors = [];
    private readonly Task _loop;
    private int _lag;

    public Projector(IJobViews views, IJournal journal, ShardLedger ledger, TimeProvider time, ILogger logger)
    {
        _views = views;
        _catchUp = new ShardCatchUp(views, journal, logger);
        _ledger = ledger;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Batches that are committed and not projected yet.</summary>
    public int Lag => Volatile.Read(ref _lag);

    /// <summary>Hands over what was committed; never blocks.</summary>
    public void Feed(CommittedBatch batch)
    {
        if (_queue.Writer.TryWrite(new Work(batch, [], null)))
        {
            Interlocked.Increment(ref _lag);
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
        while (await _queue.Reader.WaitToReadAsync())
        {
            await GatherAsync();
            var batches = new List<CommittedBatch>();
            var waiting = new List<TaskCompletionSource>();
            var jobs = 0;
            IReadOnlyList<OwnedShard> taken = [];
            while (jobs < MaxJobsPerWrite && taken.Count == 0 && _queue.Reader.TryRead(out var work))
            {
                if (work.Batch is { } batch)
                {
                    batches.Add(batch);
                    jobs += batch.Appends.Count;
                }

                if (work.Reader is { } reader)
                {
                    waiting.Add(reader);
                }

                taken = work.Taken;
            }

            await UntilDoneAsync(() => ProjectAsync(batches));
            Interlocked.Add(ref _lag, -batches.Count);
            await UntilDoneAsync(() => CatchUpAsync(taken));
            waiting.ForEach(reader => reader.TrySetResult());
        }
    }

    /// <summary>Waits for more, unless somebody waits for what is there. Spent urgency is taken back, so that it hurries nobody else.</summary>
    private async Task GatherAsync()
    {
        using var linger = new CancellationTokenSource(Linger, _time);
        await _urgent.WaitAsync(linger.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_urgent.Wait(0))
        {
        }
    }

    private async Task ProjectAsync(List<CommittedBatch> batches)
    {
        var projections = Gather(batches);
        if (projections.Count == 0)
        {
            return;
        }

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

    /// <summary>Of several states of one job only the last is written.</summary>
    private List<ShardProjection> Gather(List<CommittedBatch> batches)
    {
        var latest = new Dictionary<JobId, Job>();
        var ends = new SortedDictionary<int, long>();
        foreach (var batch in batches)
        {
            foreach (var append in batch.Appends)
            {
                latest[append.After.Id] = append.After;
            }

            foreach (var fence in batch.Fences)
            {
                ends[fence.Shard] = fence.Head + fence.Count;
            }
        }

        var byShard = latest.Values.ToLookup(job => job.Id.Shard);
        return [.. ends
            .Where(end => _cursors.GetValueOrDefault(end.Key) < end.Value)
            .Select(end => new ShardProjection(end.Key, _cursors.GetValueOrDefault(end.Key), end.Value, [.. byShard[end.Key].Select(JobView.Of)]))];
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
