using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>Cancels jobs whose deadline passes. A job that ends or leaves the node before costs nothing any more.</summary>
internal sealed class Deadlines : IDisposable
{
    /// <summary>How long after a cancellation that failed the next one is tried.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>Timers take at most some 49 days; a later deadline is looked at again then.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);

    /// <summary>Entries of jobs that are forgotten stay in the heap until they outnumber the others by this many.</summary>
    private const int ToleratedForgotten = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, Watched> _watched = [];
    private readonly Func<JobId, JobCommand, Task> _send;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private PriorityQueue<JobId, DateTimeOffset> _due = new();

    public Deadlines(Func<JobId, JobCommand, Task> send, TimeProvider time, ILogger logger)
    {
        _send = send;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _watched.Count;
            }
        }
    }

    /// <summary>Watches a job that has a deadline, and forgets one that has ended.</summary>
    public void Watch(Job job)
    {
        if (job.Submission.Deadline is not { } deadline)
        {
            return;
        }

        lock (_lock)
        {
            if (job.State.IsTerminal())
            {
                Forget(job.Id);
            }
            else if (!_watched.TryGetValue(job.Id, out var watched) || watched.Deadline != deadline)
            {
                Put(job.Id, new Watched(deadline, deadline));
            }
        }
    }

    /// <summary>The shards have another owner, who watches their jobs.</summary>
    public void Forget(IReadOnlySet<int> shards)
    {
        lock (_lock)
        {
            foreach (var job in _watched.Keys.Where(job => shards.Contains(job.Shard)).ToList())
            {
                Forget(job);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Forget(JobId job)
    {
        if (_watched.Remove(job) && _due.Count > (2 * _watched.Count) + ToleratedForgotten)
        {
            _due = new(_watched.Select(watched => (watched.Key, watched.Value.At)));
        }
    }

    private void Put(JobId job, Watched watched)
    {
        _watched[job] = watched;
        _due.Enqueue(job, watched.At);
        Arm();
    }

    private void Expire()
    {
        var expired = new List<(JobId Job, DateTimeOffset Deadline)>();
        lock (_lock)
        {
            while (_due.TryPeek(out var job, out var at) && at <= _time.GetUtcNow())
            {
                _due.Dequeue();
                if (_watched.TryGetValue(job, out var watched) && watched.At == at)
                {
                    _watched.Remove(job);
                    expired.Add((job, watched.Deadline));
                }
            }

            Arm();
        }

        foreach (var (job, deadline) in expired)
        {
            _ = CancelAsync(job, deadline);
        }
    }

    private async Task CancelAsync(JobId job, DateTimeOffset deadline)
    {
        try
        {
            await _send(job, new JobCommand.Cancel($"The deadline {deadline:O} has passed", "aicd") { At = _time.Now() });
        }
        catch (ShardLostException)
        {
            // Its new owner brought it back, and watches it since.
        }
        catch (Exception error)
        {
            RuntimeLog.DeadlineFailed(_logger, error, job.Value);
            lock (_lock)
            {
                Put(job, new Watched(deadline, _time.GetUtcNow() + Again));
            }
        }
    }

    private void Arm()
    {
        if (_due.TryPeek(out _, out var next))
        {
            var wait = next - _time.GetUtcNow();
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestTimer ? LongestTimer : wait;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <param name="At">When to act: the deadline, or later where acting failed.</param>
    private readonly record struct Watched(DateTimeOffset Deadline, DateTimeOffset At);
}
