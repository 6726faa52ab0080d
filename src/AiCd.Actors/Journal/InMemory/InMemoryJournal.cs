using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryJournal(InMemoryData data) : IJournal
{
    public Task<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<AppendResult>(cancellationToken) : Task.FromResult(Append(batch));

    public Task<IReadOnlyList<OwnedShard>> SettleAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var owned = new List<OwnedShard>(shards.Count);
            foreach (var number in shards.Order())
            {
                var shard = data.Shards[number];
                if (shard.Owner == incarnation)
                {
                    owned.Add(new OwnedShard(number, ++shard.Epoch, shard.Head));
                }
            }

            return Task.FromResult<IReadOnlyList<OwnedShard>>(owned);
        }
    }

    public IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        Read(() => RowsOf(jobs.Distinct().Order(), after), cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        Read(() => RowsOf(shards.Distinct().SelectMany(shard => data.Shards[shard].Active).Order(), after), cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadShardAsync(int shard, long afterShardSeq, int limit, CancellationToken cancellationToken) =>
        Read(() => RowsAfter(data.Shards[shard].Rows, afterShardSeq).Take(limit), cancellationToken);

    public Task<JobId?> FindClaimAsync(string tenant, string kind, string key, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(data.Claims.TryGetValue(new ClaimKey(tenant, kind, key), out var held) ? held.Job : (JobId?)null);
        }
    }

    private AppendResult Append(AppendBatch batch)
    {
        if (BatchShape.Check(batch) is { } reason)
        {
            return new AppendResult.RowRefused(reason, Claim: null);
        }

        lock (data.Gate)
        {
            return new InMemoryAppend(data, batch).Run();
        }
    }

    private static IEnumerable<JournalRow> RowsAfter(List<JournalRow> rows, long shardSeq)
    {
        var (from, to) = (0, rows.Count);
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = rows[middle].ShardSeq > shardSeq ? (from, middle) : (middle + 1, to);
        }

        return rows.Skip(from);
    }

    private IEnumerable<JournalRow> RowsOf(IEnumerable<JobId> jobs, IReadOnlyDictionary<JobId, int> after) =>
        jobs.SelectMany(job => data.Jobs.TryGetValue(job, out var rows) ? rows.SkipWhile(row => row.Seq <= after.GetValueOrDefault(job)) : []);

    private IAsyncEnumerable<JournalRow> Read(Func<IEnumerable<JournalRow>> query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            return query().ToList().ToAsyncEnumerable();
        }
    }
}
