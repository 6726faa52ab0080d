using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Tests.Runtime.Support;

/// <summary>A journal that does as its inner one does, unless the test has something else in mind.</summary>
internal sealed class ScriptedJournal(IJournal inner) : IJournal
{
    private readonly Lock _lock = new();
    private readonly List<AppendBatch> _appends = [];

    public delegate Task<AppendResult> Append(AppendBatch batch, Func<Task<AppendResult>> inner, CancellationToken cancellationToken);

    public delegate Task<IReadOnlyList<OwnedShard>> Settle(Func<Task<IReadOnlyList<OwnedShard>>> inner);

    /// <summary>Every batch that came, whatever became of it.</summary>
    public IReadOnlyList<AppendBatch> Appends
    {
        get
        {
            lock (_lock)
            {
                return [.. _appends];
            }
        }
    }

    public Append? OnAppend { get; set; }

    public Settle? OnSettle { get; set; }

    /// <summary>Where the last reading began that did not begin at the first event.</summary>
    public IReadOnlyDictionary<JobId, int> LastAfter { get; private set; } = new Dictionary<JobId, int>();

    /// <summary>Called before every read of jobs; may throw.</summary>
    public Action<IReadOnlyCollection<JobId>>? OnReadJobs { get; set; }

    /// <summary>Called before every read of active jobs; may throw.</summary>
    public Action? OnReadActive { get; set; }

    /// <summary>Called before every read of a shard; may throw.</summary>
    public Action<int>? OnReadShard { get; set; }

    public Task<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _appends.Add(batch);
        }

        Task<AppendResult> Inner() => inner.AppendAsync(batch, cancellationToken);
        return OnAppend is { } script ? script(batch, Inner, cancellationToken) : Inner();
    }

    public Task<IReadOnlyList<OwnedShard>> SettleAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<OwnedShard>> Inner() => inner.SettleAsync(incarnation, shards, cancellationToken);
        return OnSettle is { } script ? script(Inner) : Inner();
    }

    public IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken)
    {
        OnReadJobs?.Invoke(jobs);
        LastAfter = after.Count > 0 ? after : LastAfter;
        return inner.ReadJobsAsync(jobs, after, cancellationToken);
    }

    public IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken)
    {
        OnReadActive?.Invoke();
        LastAfter = after.Count > 0 ? after : LastAfter;
        return inner.ReadActiveAsync(shards, after, cancellationToken);
    }

    public IAsyncEnumerable<JournalRow> ReadShardAsync(int shard, long afterShardSeq, int limit, CancellationToken cancellationToken)
    {
        OnReadShard?.Invoke(shard);
        return inner.ReadShardAsync(shard, afterShardSeq, limit, cancellationToken);
    }

    public Task<JobId?> FindClaimAsync(string tenant, string kind, string key, CancellationToken cancellationToken) =>
        inner.FindClaimAsync(tenant, kind, key, cancellationToken);
}
