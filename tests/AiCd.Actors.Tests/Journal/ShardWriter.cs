using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Tests.Journal;

/// <summary>A node as the journal sees it: it knows its incarnation and where its shards stand, and moves on with every commit.</summary>
internal sealed class ShardWriter(IStore store, string incarnation)
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static int _random;

    private readonly SortedDictionary<int, OwnedShard> _shards = [];

    public string Incarnation => incarnation;

    public static async Task<ShardWriter> JoinAsync(IStore store, params int[] shards)
    {
        var lease = await store.Nodes.JoinAsync("node", takesShards: true, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        var writer = new ShardWriter(store, lease.Incarnation);
        await writer.AcquireAsync(shards);
        return writer;
    }

    public static JobId NewJob(int shard) => JobId.Create(At, shard, (uint)Interlocked.Increment(ref _random));

    public static EventData Event(string name = "SUBMITTED", string payload = "{}") => new(name, Encoding.UTF8.GetBytes(payload), At);

    public OwnedShard this[int shard]
    {
        get => _shards[shard];
        set => _shards[shard] = value;
    }

    public async Task AcquireAsync(params int[] shards)
    {
        foreach (var shard in await store.Nodes.AcquireAsync(incarnation, shards, TestContext.Current.CancellationToken))
        {
            _shards[shard.Shard] = shard;
        }
    }

    public AppendBatch Batch(params AppendEntry[] entries)
    {
        var next = _shards.ToDictionary(pair => pair.Key, pair => pair.Value.Head + 1);
        var placed = new List<AppendEntry>(entries.Length);
        foreach (var entry in entries)
        {
            placed.Add(entry with { FirstShardSeq = next[entry.Job.Shard] });
            next[entry.Job.Shard] += entry.Events.Count;
        }

        var fences = placed.GroupBy(entry => entry.Job.Shard).OrderBy(group => group.Key)
            .Select(group => new ShardFence(group.Key, _shards[group.Key].Epoch, _shards[group.Key].Head, group.Sum(entry => entry.Events.Count)));
        return new AppendBatch(incarnation, [.. fences], placed);
    }

    public async Task<AppendResult> AppendAsync(params AppendEntry[] entries)
    {
        var batch = Batch(entries);
        var result = await store.Journal.AppendAsync(batch, TestContext.Current.CancellationToken);
        if (result is AppendResult.Committed)
        {
            Committed(batch);
        }

        return result;
    }

    public void Committed(AppendBatch batch)
    {
        foreach (var fence in batch.Fences)
        {
            _shards[fence.Shard] = _shards[fence.Shard] with { Head = fence.Head + fence.Count };
        }
    }

    public async Task CommitAsync(params AppendEntry[] entries) =>
        (await AppendAsync(entries)).ShouldBeOfType<AppendResult.Committed>();

    /// <summary>An entry whose place in the shard is still open.</summary>
    public static AppendEntry Entry(JobId job, int firstSeq = 1, params EventData[] events) =>
        new(job, "default", firstSeq, FirstShardSeq: 0, events.Length == 0 ? [Event()] : events);
}
