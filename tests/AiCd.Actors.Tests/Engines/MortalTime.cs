namespace AiCd.Actors.Tests.Engines;

/// <summary>The clock of a node that may be killed: afterwards whatever still waits in its remains is over at once.</summary>
internal sealed class MortalTime(TimeProvider inner) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _timers = [];
    private bool _rushed;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, inner.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Rush()
    {
        lock (_lock)
        {
            _rushed = true;
            foreach (var timer in _timers)
            {
                timer.Inner.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            _timers.Clear();
        }
    }

    private bool Change(Timer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (dueTime == Timeout.InfiniteTimeSpan || period != Timeout.InfiniteTimeSpan && _rushed)
            {
                _timers.Remove(timer);
                return timer.Inner.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            if (_rushed)
            {
                return timer.Inner.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            if (period == Timeout.InfiniteTimeSpan)
            {
                _timers.Add(timer);
            }

            return timer.Inner.Change(dueTime, period);
        }
    }

    private void Forget(Timer timer)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class Timer(MortalTime time, ITimer inner) : ITimer
    {
        public ITimer Inner => inner;

        public bool Change(TimeSpan dueTime, TimeSpan period) => time.Change(this, dueTime, period);

        public void Dispose()
        {
            time.Forget(this);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            time.Forget(this);
            return inner.DisposeAsync();
        }
    }
}
