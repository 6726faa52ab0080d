namespace AiCd.Testing;

/// <summary>A timer of <see cref="ManualTimeProvider"/>, which alone touches its state, under its own lock.</summary>
internal sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
{
    // A real timer's callback runs in the context of whoever created the timer, not of whoever moves the clock.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public DateTimeOffset Due { get; set; }

    /// <summary>Zero: fires once.</summary>
    public TimeSpan Period { get; set; }

    /// <summary>Among timers due at the same instant, the one armed first fires first.</summary>
    public long Order { get; set; }

    public bool Disposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => time.Change(this, dueTime, period);

    public void Dispose() => time.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Fire()
    {
        if (_context is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_context, _ => callback(state), null);
        }
    }
}
