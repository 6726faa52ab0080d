using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Projections;

/// <summary>
/// What was committed and is not projected yet: of each job the latest state alone, however often it moved on meanwhile. So the backlog
/// is bounded by the jobs and not by their events, and the further the projection lags the less it has to write per event.
/// </summary>
internal sealed class ProjectionBacklog
{
    private readonly Dictionary<int, ShardBacklog> _shards = [];

    /// <summary>Shards in the order in which they began to wait: none is passed over for long.</summary>
    private readonly Queue<int> _order = new();

    public bool IsEmpty => _order.Count == 0;

    /// <summary>Jobs that wait. Others than the owner of the backlog may ask: they get what was true a moment ago.</summary>
    public int Count { get; private set; }

    /// <param name="batch">Of a shard's batches, each follows the one before.</param>
    public void Add(CommittedBatch batch)
    {
        foreach (var fence in batch.Fences)
        {
            if (!_shards.TryGetValue(fence.Shard, out var shard))
            {
                _shards.Add(fence.Shard, shard = new ShardBacklog());
                _order.Enqueue(fence.Shard);
            }

            shard.To = fence.Head + fence.Count;
        }

        foreach (var append in batch.Appends)
        {
            Count += _shards[append.Shard].Add(append) ? 1 : 0;
        }
    }

    /// <summary>Takes whole shards, the longest waiting first, until they have so many jobs.</summary>
    /// <param name="cursorOf">How far a shard has been projected; what lies before that is not projected again.</param>
    public IReadOnlyList<ShardProjection> Take(int jobs, Func<int, long> cursorOf)
    {
        var taken = new List<ShardProjection>();
        while (jobs > 0 && _order.TryDequeue(out var number))
        {
            _shards.Remove(number, out var shard);
            Count -= shard!.Jobs.Count;
            var from = cursorOf(number);
            if (from < shard.To)
            {
                taken.Add(new ShardProjection(number, from, shard.To, [.. shard.Jobs.Values.Select(JobView.Of)], shard.FoundAsBefore));
                jobs -= shard.Jobs.Count;
            }
        }

        // Cursors are locked in the order of their shards.
        taken.Sort(static (left, right) => left.Shard.CompareTo(right.Shard));
        return taken;
    }

    private sealed class ShardBacklog
    {
        public long To { get; set; }

        public Dictionary<JobId, Job> Jobs { get; } = [];

        public HashSet<JobId> FoundAsBefore { get; } = [];

        /// <returns>True where the job did not wait before.</returns>
        public bool Add(PendingAppend append)
        {
            var id = append.After.Id;
            var isFirst = Jobs.TryAdd(id, append.After);
            Jobs[id] = append.After;
            if (append.ChangesWords)
            {
                FoundAsBefore.Remove(id);
            }
            else if (isFirst)
            {
                FoundAsBefore.Add(id);
            }

            return isFirst;
        }
    }
}
