using System.Diagnostics.CodeAnalysis;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>
/// Jobs that are ready to start. Tenants take turns, so that a tenant with ten thousand jobs delays another's first one by a single
/// turn; within a tenant the priority decides, then age. A tenant of weight n starts up to n jobs in its turn. Not thread-safe: its
/// pool's lock guards it.
/// </summary>
/// <param name="weightOf">From 1; by default every tenant weighs 1.</param>
internal sealed class FairQueue(Func<string, int>? weightOf = null)
{
    /// <summary>A lane sheds removed entries when they outnumber those that wait, and this many besides.</summary>
    private const int ToleratedRemoved = 64;

    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly LinkedList<Lane> _turns = new();
    private readonly Dictionary<JobId, Entry> _entries = [];
    private long _arrivals;

    public int Count => _entries.Count;

    public IEnumerable<JobId> Jobs => _entries.Keys;

    public bool Contains(JobId job) => _entries.ContainsKey(job);

    public void Enqueue(WaitingJob job)
    {
        Remove(job.Job);
        var entry = new Entry(job);
        _entries.Add(job.Job, entry);
        if (!_lanes.TryGetValue(job.Tenant, out var lane))
        {
            _lanes.Add(job.Tenant, lane = new Lane(weightOf?.Invoke(job.Tenant) ?? 1));
        }

        if (lane.Waiting++ == 0 && !lane.InTurn)
        {
            lane.InTurn = true;
            _turns.AddLast(lane);
        }

        lane.Jobs.Enqueue(entry, (-job.Priority, _arrivals++));
    }

    /// <summary>Removed entries stay in their lane's heap until their turn comes or they are too many; they only no longer count.</summary>
    public bool Remove(JobId job)
    {
        if (!_entries.Remove(job, out var entry))
        {
            return false;
        }

        entry.Removed = true;
        var lane = _lanes[entry.Job.Tenant];
        lane.Waiting--;
        if (lane.Jobs.Count > (2 * lane.Waiting) + ToleratedRemoved)
        {
            lane.ShedRemoved();
        }

        return true;
    }

    public bool TryDequeue([NotNullWhen(true)] out WaitingJob? job)
    {
        while (_turns.First is { Value: var lane })
        {
            _turns.RemoveFirst();
            while (lane.Jobs.TryDequeue(out var entry, out _))
            {
                if (entry.Removed)
                {
                    continue;
                }

                _entries.Remove(entry.Job.Job);
                lane.Waiting--;
                lane.Started++;
                Requeue(lane, entry.Job.Tenant);
                job = entry.Job;
                return true;
            }

            Requeue(lane, null);
        }

        job = null;
        return false;
    }

    /// <returns>How many jobs at most start before this one if nothing else arrives, or null where it does not wait here.</returns>
    public int? Ahead(JobId job)
    {
        if (!_entries.TryGetValue(job, out var entry))
        {
            return null;
        }

        var own = _lanes[entry.Job.Tenant];
        var place = own.Jobs.UnorderedItems.First(item => ReferenceEquals(item.Element, entry)).Priority;
        var ahead = own.Jobs.UnorderedItems.Count(item => !item.Element.Removed && item.Priority.CompareTo(place) < 0);
        var turns = (ahead / own.Weight) + 1;
        return ahead + _lanes.Values.Where(lane => lane != own).Sum(lane => Math.Min(lane.Waiting, turns * lane.Weight));
    }

    private void Requeue(Lane lane, string? tenant)
    {
        if (lane.Waiting > 0)
        {
            if (lane.Started < lane.Weight)
            {
                _turns.AddFirst(lane);
            }
            else
            {
                lane.Started = 0;
                _turns.AddLast(lane);
            }

            return;
        }

        lane.InTurn = false;
        lane.Started = 0;
        lane.Jobs.Clear();
        if (tenant is not null)
        {
            _lanes.Remove(tenant);
        }
    }

    private sealed class Entry(WaitingJob job)
    {
        public WaitingJob Job { get; } = job;

        public bool Removed { get; set; }
    }

    private sealed class Lane(int weight)
    {
        public int Weight { get; } = weight;

        /// <summary>Jobs started in the turn that is under way.</summary>
        public int Started { get; set; }

        public PriorityQueue<Entry, (int NegatedPriority, long Arrival)> Jobs { get; private set; } = new();

        public int Waiting { get; set; }

        public bool InTurn { get; set; }

        public void ShedRemoved() => Jobs = new(Jobs.UnorderedItems.Where(item => !item.Element.Removed));
    }
}
