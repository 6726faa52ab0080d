using System.Diagnostics.CodeAnalysis;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>
/// Jobs that are ready to start. Tenants take turns, so that a tenant with ten thousand jobs delays another's first one by a single
/// turn; within a tenant the priority decides, then age. Not thread-safe: its pool's lock guards it.
/// </summary>
internal sealed class FairQueue
{
    /// <summary>A lane sheds removed entries when they outnumber those that wait, and this many besides.</summary>
    private const int ToleratedRemoved = 64;

    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly Queue<Lane> _turns = new();
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
            _lanes.Add(job.Tenant, lane = new Lane());
        }

        if (lane.Waiting++ == 0 && !lane.InTurn)
        {
            lane.InTurn = true;
            _turns.Enqueue(lane);
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
        while (_turns.TryDequeue(out var lane))
        {
            while (lane.Jobs.TryDequeue(out var entry, out _))
            {
                if (entry.Removed)
                {
                    continue;
                }

                _entries.Remove(entry.Job.Job);
                lane.Waiting--;
                Requeue(lane, entry.Job.Tenant);
                job = entry.Job;
                return true;
            }

            Requeue(lane, null);
        }

        job = null;
        return false;
    }

    /// <summary>The jobs ahead of this one if no other tenant had any: an honest lower bound of its position.</summary>
    public IEnumerable<WaitingJob> OfTenant(string tenant) => _lanes.TryGetValue(tenant, out var lane)
        ? lane.Jobs.UnorderedItems.Where(item => !item.Element.Removed).OrderBy(item => item.Priority).Select(item => item.Element.Job)
        : [];

    private void Requeue(Lane lane, string? tenant)
    {
        if (lane.Waiting > 0)
        {
            _turns.Enqueue(lane);
            return;
        }

        lane.InTurn = false;
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

    private sealed class Lane
    {
        public PriorityQueue<Entry, (int NegatedPriority, long Arrival)> Jobs { get; private set; } = new();

        public int Waiting { get; set; }

        public bool InTurn { get; set; }

        public void ShedRemoved() => Jobs = new(Jobs.UnorderedItems.Where(item => !item.Element.Removed));
    }
}
