namespace AiCd.Testing;

/// <summary>
/// A clock that moves only when told to. Timers fire on the thread that calls <see cref="Advance"/>, in the order of their
/// due times, each while the clock shows its due time.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    // A wait on the code under test is a matter of milliseconds; beyond this it is a hang, and the test should say so.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Comparer<ManualTimer> ByDueTime =
        Comparer<ManualTimer>.Create((a, b) => (a.Due, a.Order).CompareTo((b.Due, b.Order)));

    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(ByDueTime);
    private readonly List<TimerWait> _waits = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;
    private long _order;

    public ManualTimeProvider(DateTimeOffset start)
    {
        _start = start;
        _now = start;
    }

    public ManualTimeProvider()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait for their time.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        Change(timer, dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward, stopping at every due time on the way to fire what is due.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset target;
        lock (_gate)
        {
            target = _now + by;
        }

        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Completes once at least so many timers are armed, at once if they are.</summary>
    public Task WaitForTimersAsync(int atLeast, CancellationToken cancellationToken = default) =>
        WaitAsync(new TimerWait($"{atLeast} timers", dues => dues.Count >= atLeast), cancellationToken);

    /// <summary>Completes once a timer is armed that is due exactly so long after the clock's present time.</summary>
    public Task WaitForTimerAsync(TimeSpan dueIn, CancellationToken cancellationToken = default) =>
        WaitAsync(new TimerWait($"a timer due in {dueIn}", dues => dues.Contains(dueIn)), cancellationToken);

    internal bool Change(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfNotDuration(dueTime);
        ThrowIfNotDuration(period);
        lock (_gate)
        {
            if (timer.Disposed)
            {
                return false;
            }

            _armed.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period : TimeSpan.Zero;
            if (dueTime > TimeSpan.Zero)
            {
                Arm(timer, dueTime);
            }
            else if (dueTime == TimeSpan.Zero)
            {
                ArmNext(timer);

                // Not on this thread: the caller has not even got its timer back yet.
                ThreadPool.QueueUserWorkItem(static due => due.Fire(), timer, preferLocal: false);
            }

            CompleteWaits();
            return true;
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_gate)
        {
            timer.Disposed = true;
            _armed.Remove(timer);
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            var next = _armed.Min;
            var stop = next is not null && next.Due <= target ? next.Due : target;

            // A callback may have advanced the clock itself; it never goes back.
            _now = stop > _now ? stop : _now;
            if (next is null || next.Due > target)
            {
                return null;
            }

            _armed.Remove(next);
            ArmNext(next);
            return next;
        }
    }

    private void ArmNext(ManualTimer timer)
    {
        if (timer.Period > TimeSpan.Zero)
        {
            Arm(timer, timer.Period);
        }
    }

    private void Arm(ManualTimer timer, TimeSpan dueIn)
    {
        timer.Due = _now + dueIn;
        timer.Order = ++_order;
        _armed.Add(timer);
    }

    private async Task WaitAsync(TimerWait wait, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _waits.Add(wait);
            CompleteWaits();
        }

        try
        {
            await wait.Completion.Task.WaitAsync(Patience, System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience} for {wait.Description}; armed: [{string.Join(", ", DueTimes())}].");
        }
        finally
        {
            lock (_gate)
            {
                _waits.Remove(wait);
            }
        }
    }

    private void CompleteWaits()
    {
        if (_waits.Count == 0)
        {
            return;
        }

        var dues = DueTimes();
        foreach (var wait in _waits.Where(wait => wait.Holds(dues)))
        {
            wait.Completion.TrySetResult();
        }
    }

    private List<TimeSpan> DueTimes()
    {
        lock (_gate)
        {
            return [.. _armed.Select(timer => timer.Due - _now)];
        }
    }

    private static void ThrowIfNotDuration(TimeSpan value)
    {
        if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Zero, positive or infinite.");
        }
    }

    private sealed record TimerWait(string Description, Func<List<TimeSpan>, bool> Holds)
    {
        // Asynchronous: the waiting test must not go on inside the lock of the clock.
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
