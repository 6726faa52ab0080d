using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime;

/// <summary>
/// Jobs whose owed work could not be started because something went wrong. They are neither queued nor running, so nothing else would
/// come back to them: after a pause each is looked at again.
/// </summary>
internal sealed class SecondLooks : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Action<JobId> _look;
    private readonly ITimer _timer;
    private HashSet<JobId> _jobs = [];

    /// <param name="look">Makes the job start what it owes; comes here again where that fails too.</param>
    public SecondLooks(Action<JobId> look, TimeProvider time)
    {
        _look = look;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(JobId job)
    {
        lock (_lock)
        {
            if (_jobs.Add(job) && _jobs.Count == 1)
            {
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        HashSet<JobId> jobs;
        lock (_lock)
        {
            (jobs, _jobs) = (_jobs, []);
        }

        foreach (var job in jobs)
        {
            _look(job);
        }
    }
}
