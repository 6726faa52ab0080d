using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Streams;

/// <summary>
/// Follows the journal of all shards for the readers of this node: one question for all of them, whichever node drives the jobs. What
/// this node commits wakes it at once; for what others commit it looks again every so often. It rests while nobody reads.
/// </summary>
internal sealed class JournalTail(
    IStore store, PositionTokens tokens, WebOptions options, TimeProvider time, ILogger<JournalTail> logger) : BackgroundService
{
    private const int PerShard = 500;

    /// <summary>What is committed meanwhile is read with one question.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(15);

    private readonly StreamReaders _readers = new();
    private readonly TailJobs _jobs = new(store.Journal);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long[]? _positions;

    public StreamReaders Readers => _readers;

    /// <summary>From the call on, the subscription gets all events after its <see cref="StreamSubscription.Start"/>.</summary>
    public async Task<StreamSubscription> SubscribeAsync(string tenant, JobId? job, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _positions ??= await HeadsAsync(cancellationToken);
            var subscription = new StreamSubscription(tenant, job, options.StreamBacklog, _readers.Remove) { Start = [.. _positions] };
            _readers.Add(subscription);
            Wake();
            return subscription;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it already.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await _wake.WaitAsync(_readers.Count > 0 && store.IsShared ? options.TailPolling : Timeout.InfiniteTimeSpan, stoppingToken);
                await Task.Delay(Gather, time, stoppingToken);
                while (await ReadAsync(stoppingToken))
                {
                }

                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The journal has it all: whatever went wrong, looking again is right and losing the loop is not.
                WebLog.TailFailed(logger, error, ++failures);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 100 * failures)), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }
    }

    /// <returns>True where there may be more at once.</returns>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_readers.Count == 0)
            {
                // Whoever comes next begins at the heads of then.
                _positions = null;
                return false;
            }

            var positions = _positions ??= await HeadsAsync(cancellationToken);
            var rows = TimeOrder.Of(await store.Queries.TailAsync(
                Enumerable.Range(0, positions.Length).ToDictionary(shard => shard, shard => positions[shard]), PerShard, cancellationToken));
            var wanted = rows.Where(row => _readers.Wants(row.Job, row.Tenant)).ToList();
            await _jobs.PrepareAsync(wanted, cancellationToken);
            foreach (var row in rows)
            {
                positions[row.Shard] = row.ShardSeq;
                if (_readers.Wants(row.Job, row.Tenant) && _jobs.Tell(row) is var (data, endsJob))
                {
                    _readers.Offer(new StreamEvent(row, endsJob, data, [.. positions], tokens));
                }
            }

            return rows.GroupBy(row => row.Shard).Any(shard => shard.Count() == PerShard);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<long[]> HeadsAsync(CancellationToken cancellationToken)
    {
        var heads = new long[store.ShardCount];
        foreach (var shard in (await store.Nodes.ReadAsync(cancellationToken)).Shards)
        {
            heads[shard.Shard] = shard.Head;
        }

        return heads;
    }
}
