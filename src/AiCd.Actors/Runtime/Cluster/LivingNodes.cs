using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// Which incarnations hold a lease, as the database last said, and the jobs that wait for one of them to end. One that was waited for counts as
/// living until its last results have been looked for: before that nothing of its jobs may begin anew.
/// </summary>
internal sealed class LivingNodes(string self)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<JobId>> _watched = [];
    private readonly HashSet<string> _settling = [];
    private HashSet<string> _living = [self];

    /// <summary>
    /// Raised outside the lock with watched jobs whose incarnations are gone; whoever hears it looks for their last results, and says
    /// <see cref="Settled"/>.
    /// </summary>
    public event Action<IReadOnlyList<string>, IReadOnlyList<JobId>>? Gone;

    public bool Contains(string incarnation)
    {
        lock (_lock)
        {
            return IsLiving(incarnation);
        }
    }

    public void Watch(JobId job, string incarnation)
    {
        lock (_lock)
        {
            if (IsLiving(incarnation))
            {
                if (!_watched.TryGetValue(incarnation, out var jobs))
                {
                    _watched.Add(incarnation, jobs = []);
                }

                jobs.Add(job);
                return;
            }
        }

        Gone?.Invoke([incarnation], [job]);
    }

    /// <summary>The last results of these incarnations have been looked for.</summary>
    /// <returns>Jobs that began to wait for them meanwhile.</returns>
    public IReadOnlyList<JobId> Settled(IEnumerable<string> incarnations)
    {
        var waiting = new List<JobId>();
        lock (_lock)
        {
            foreach (var incarnation in incarnations.Where(_settling.Remove))
            {
                waiting.AddRange(_watched.Remove(incarnation, out var jobs) ? jobs : []);
            }
        }

        return waiting;
    }

    public void Update(ClusterView view)
    {
        var (incarnations, gone) = (new List<string>(), new List<JobId>());
        lock (_lock)
        {
            _living = [self, .. view.Nodes.Where(node => node.Alive).Select(node => node.Incarnation)];
            foreach (var incarnation in _watched.Keys.Where(watched => !IsLiving(watched)).ToList())
            {
                incarnations.Add(incarnation);
                _settling.Add(incarnation);
                gone.AddRange(_watched[incarnation]);
                _watched.Remove(incarnation);
            }
        }

        if (gone.Count > 0)
        {
            Gone?.Invoke(incarnations, gone);
        }
    }

    private bool IsLiving(string incarnation) => _living.Contains(incarnation) || _settling.Contains(incarnation);
}
