using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime;

/// <summary>Cancels jobs whose deadline passes. A job that has ended by then refuses, and that is all.</summary>
internal sealed class Deadlines : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<JobId, DateTimeOffset> _due = new();
    private readonly Action<JobId, JobCommand> _send;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public Deadlines(Action<JobId, JobCommand> send, TimeProvider time)
    {
        _send = send;
        _time = time;
        _timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Watch(Job job)
    {
        if (job.Submission.Deadline is not { } deadline || job.State.IsTerminal())
        {
            return;
        }

        lock (_lock)
        {
            _due.Enqueue(job.Id, deadline);
            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Expire()
    {
        var expired = new List<(JobId Job, DateTimeOffset Deadline)>();
        lock (_lock)
        {
            while (_due.TryPeek(out var job, out var deadline) && deadline <= _time.GetUtcNow())
            {
                _due.Dequeue();
                expired.Add((job, deadline));
            }

            Arm();
        }

        foreach (var (job, deadline) in expired)
        {
            _send(job, new JobCommand.Cancel($"The deadline {deadline:O} has passed", "aicd") { At = _time.Now() });
        }
    }

    private void Arm()
    {
        if (_due.TryPeek(out _, out var next))
        {
            // Timers take at most some 49 days; a later deadline is looked at again then.
            var wait = next - _time.GetUtcNow();
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromDays(30) ? TimeSpan.FromDays(30) : wait;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
