using System.Threading.Channels;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>
/// The one writer of a node. While one commit is in flight, the next batch gathers; callers are answered after their commit. It keeps
/// trying while the store is away, for as long as the node owns the shards: an answer is always true, and may be late.
/// </summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private const int MaxEvents = 500;

    private readonly IJournal _journal;
    private readonly ShardLedger _ledger;
    private readonly string _incarnation;
    private readonly Action<CommittedBatch> _committed;
    private readonly Action<IReadOnlyList<int>> _shardsLost;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EngineMetrics? _metrics;
    private readonly Channel<PendingAppend> _queue = Channel.CreateUnbounded<PendingAppend>(new() { SingleReader = true });
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _loop;

    /// <param name="committed">Called in commit order, before any caller is answered; must not block.</param>
    /// <param name="shardsLost">Called when the store says that shards belong to somebody else.</param>
    public JournalWriter(
        IJournal journal,
        ShardLedger ledger,
        string incarnation,
        Action<CommittedBatch> committed,
        Action<IReadOnlyList<int>> shardsLost,
        TimeProvider time,
        ILogger logger,
        EngineMetrics? metrics = null)
    {
        _journal = journal;
        _ledger = ledger;
        _incarnation = incarnation;
        _committed = committed;
        _shardsLost = shardsLost;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>True while the store does not take appends; the node is not ready then.</summary>
    public bool Stalled { get; private set; }

    /// <exception cref="ShardLostException">The node lost the shard before the append was known to be durable.</exception>
    /// <exception cref="AppendRefusedException">The store refuses this very append.</exception>
    public Task AppendAsync(PendingAppend append)
    {
        if (!_queue.Writer.TryWrite(append))
        {
            append.Fail(new ShardLostException(append.Shard));
        }

        return append.Completion;
    }

    /// <summary>Writes what was handed in, then ends. Appends that the store does not take within the grace fail unacknowledged.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _queue.Writer.TryComplete();
        await _loop.WaitAsync(grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _abandon.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await _abandon.CancelAsync();
        _queue.Writer.TryComplete();
        await _loop;
        _abandon.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingAppend>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            var events = 0;
            while (events < MaxEvents && _queue.Reader.TryRead(out var append))
            {
                batch.Add(append);
                events += append.Events.Count;
            }

            await WriteAsync(batch);
        }
    }

    /// <summary>Ends when every append of the list has its answer.</summary>
    private async Task WriteAsync(List<PendingAppend> pending)
    {
        for (var failures = 0; pending.Count > 0;)
        {
            try
            {
                var (batch, included, lost) = BatchBuilder.Build(_incarnation, _ledger, pending);
                Forsake(lost);
                pending = included;
                if (pending.Count == 0 || await TryWriteAsync(batch, pending))
                {
                    return;
                }
            }
            catch (Exception error) when (error is JournalException { IsTransient: true } || _abandon.IsCancellationRequested)
            {
                Stalled = true;
                failures++;
                RuntimeLog.AppendFailed(_logger, error, failures, pending.Count);
                if (!await PauseAsync(failures))
                {
                    Forsake(pending);
                    return;
                }
            }
            catch (Exception error) when (pending.Count > 1)
            {
                RuntimeLog.AppendFailed(_logger, error, 1, pending.Count);
                await WriteHalvesAsync(pending);
                return;
            }
            catch (Exception error)
            {
                // A fault that is no store's trouble must not end the loop that every actor depends on.
                RuntimeLog.AppendFailed(_logger, error, 1, pending.Count);
                pending[0].Fail(error);
                return;
            }
        }
    }

    /// <returns>False where it is to be tried again without the shards that were lost.</returns>
    private async Task<bool> TryWriteAsync(AppendBatch batch, List<PendingAppend> included)
    {
        var result = await CommitAsync(batch);
        Stalled = false;
        switch (result)
        {
            case AppendResult.ShardsLost { Shards: var shards }:
                Lose(shards);
                return false;
            case AppendResult.RowRefused refused when included.Count == 1:
                included[0].Fail(new AppendRefusedException(refused.Reason, refused.Claim));
                return true;
            case AppendResult.RowRefused:
                await WriteHalvesAsync(included);
                return true;
            default:
                Answer(batch, included);
                return true;
        }
    }

    /// <summary>Bisection: what is wrong with one append fails that one alone.</summary>
    private async Task WriteHalvesAsync(List<PendingAppend> pending)
    {
        await WriteAsync(pending[..(pending.Count / 2)]);
        await WriteAsync(pending[(pending.Count / 2)..]);
    }

    private async Task<AppendResult> CommitAsync(AppendBatch batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            var result = await _journal.AppendAsync(batch, _abandon.Token);
            _metrics?.Appended(batch.Fences.Sum(fence => fence.Count), _time.GetElapsedTime(started));
            return result;
        }
        catch (CommitUnknownException error)
        {
            RuntimeLog.CommitUnknown(_logger, error, batch.Entries.Count);
            return await SettleAsync(batch);
        }
        catch (Exception error) when (error is not JournalException && !_abandon.IsCancellationRequested)
        {
            // A bug says nothing of the commit. Unsettled, the next append would name a stale head and cost the node the shard.
            RuntimeLog.CommitUnknown(_logger, error, batch.Entries.Count);
            if (await SettleAsync(batch) is AppendResult.Committed committed)
            {
                return committed;
            }

            throw;
        }
    }

    /// <summary>Never guesses: raising the epoch waits for the unknown transaction, fences it, and shows by the heads whether it happened.</summary>
    private async Task<AppendResult> SettleAsync(AppendBatch batch)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                var owned = await _journal.SettleAsync(_incarnation, [.. batch.Fences.Select(fence => fence.Shard)], _abandon.Token);
                _ledger.Raise(owned);
                var heads = owned.ToDictionary(shard => shard.Shard, shard => shard.Head);
                var lost = batch.Fences.Where(fence => !heads.ContainsKey(fence.Shard)).Select(fence => fence.Shard).ToList();
                var happened = heads.Count > 0
                    ? batch.Fences.Any(fence => heads.TryGetValue(fence.Shard, out var head) && head == fence.Head + fence.Count)
                    : await IsThereAsync(batch.Entries[0]);
                Lose(lost);
                return happened ? AppendResult.Committed.Instance : new AppendResult.ShardsLost(lost);
            }
            catch (JournalException error) when (!_abandon.IsCancellationRequested)
            {
                Stalled = true;
                RuntimeLog.AppendFailed(_logger, error, failures, batch.Entries.Count);
                await PauseAsync(failures);
            }

            if (!batch.Fences.Any(fence => _ledger.Owns(fence.Shard)))
            {
                // Given up meanwhile, while the store is still away: it is for the next owner to say, and a stopping node need not wait.
                return new AppendResult.ShardsLost([.. batch.Fences.Select(fence => fence.Shard)]);
            }
        }
    }

    /// <summary>
    /// All shards are somebody else's, so no head is ours to read. Whoever took them waited for the unknown transaction too: what the
    /// journal says now is final, and all of the batch is there or nothing of it.
    /// </summary>
    private async Task<bool> IsThereAsync(AppendEntry entry)
    {
        await foreach (var row in _journal.ReadShardAsync(entry.Job.Shard, entry.FirstShardSeq - 1, 1, _abandon.Token))
        {
            return row.ShardSeq == entry.FirstShardSeq && row.Job == entry.Job && row.Seq == entry.FirstSeq
                && row.Payload.Span.SequenceEqual(entry.Events[0].Payload.Span);
        }

        return false;
    }

    private void Answer(AppendBatch batch, List<PendingAppend> included)
    {
        _ledger.Advance(batch.Fences);
        _committed(new CommittedBatch(batch.Fences, included));
        included.ForEach(append => append.Succeed());
    }

    private static void Forsake(List<PendingAppend> appends) => appends.ForEach(append => append.Fail(new ShardLostException(append.Shard)));

    private void Lose(IReadOnlyList<int> shards)
    {
        var dropped = _ledger.Drop(shards);
        if (dropped.Count > 0)
        {
            RuntimeLog.ShardsLost(_logger, string.Join(',', dropped));
            _shardsLost(dropped);
        }
    }

    /// <returns>False where the writer was told to give up.</returns>
    private async Task<bool> PauseAsync(int failures)
    {
        var pause = Backoff.After(TimeSpan.FromMilliseconds(50), Math.Min(failures, 6), Random.Shared.NextDouble());
        await Task.Delay(pause, _time, _abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_abandon.IsCancellationRequested;
    }
}
