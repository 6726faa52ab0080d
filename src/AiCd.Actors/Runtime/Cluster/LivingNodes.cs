using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>Which incarnations hold a lease, as the database last said, and the jobs that wait for one of them to end.</summary>
internal sealed class LivingNodes(string self)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<JobId>> _watched = [];
    private HashSet<string> _living = [self];

    /// <summary>Raised outside the lock with watched jobs whose incarnation is gone.</summary>
    public event Action<IReadOnlyList<JobId>>? Gone;

    public bool Contains(string incarnation)
    {
        lock (_lock)
        {
            return _living.Contains(incarnation);
        }
    }

    public void Watch(JobId job, string incarnation)
    {
        lock (_lock)
        {
            if (_living.Contains(incarnation))
            {
                if (!_watched.TryGetValue(incarnation, out var jobs))
                {
                    _watched.Add(incarnation, jobs = []);
                }

                jobs.Add(job);
                return;
            }
        }

        Gone?.Invoke([job]);
    }

    public void Update(ClusterView view)
    {
        var gone = new List<JobId>();
        lock (_lock)
        {
            _living = [self, .. view.Nodes.Where(node => node.Alive).Select(node => node.Incarnation)];
            foreach (var incarnation in _watched.Keys.Where(watched => !_living.Contains(watched)).ToList())
            {
                gone.AddRange(_watched[incarnation]);
                _watched.Remove(incarnation);
            }
        }

        if (gone.Count > 0)
        {
            Gone?.Invoke(gone);
        }
    }
}
