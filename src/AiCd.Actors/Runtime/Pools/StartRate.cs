namespace AiCd.Actors.Runtime.Pools;

/// <summary>
/// A token bucket over <see cref="TimeProvider"/> (the framework's own limiter reads the machine's clock, which no test can advance).
/// Holds at most one second's worth of starts. Not thread-safe: its pool's lock guards it.
/// </summary>
internal sealed class StartRate(double perSecond, TimeProvider time)
{
    private double _tokens = Math.Max(1, perSecond);
    private long _refilledAt = time.GetTimestamp();

    public double PerSecond { get; private set; } = perSecond;

    private double Capacity => Math.Max(1, PerSecond);

    public void Change(double perSecond)
    {
        Refill();
        PerSecond = perSecond;
        _tokens = Math.Min(_tokens, Capacity);
    }

    /// <returns>Null when a start was taken; otherwise how long until the next one.</returns>
    public TimeSpan? TryTake()
    {
        Refill();
        if (_tokens >= 1)
        {
            _tokens--;
            return null;
        }

        return TimeSpan.FromSeconds((1 - _tokens) / PerSecond) + TimeSpan.FromMilliseconds(1);
    }

    public void GiveBack() => _tokens = Math.Min(_tokens + 1, Capacity);

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_tokens + (time.GetElapsedTime(_refilledAt, now).TotalSeconds * PerSecond), Capacity);
        _refilledAt = now;
    }
}
