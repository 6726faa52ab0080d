using AiCd.Testing;

namespace AiCd.Actors.Tests.Runtime.Support;

/// <summary>A clock that can be moved without its timers firing, as when a machine is too busy to fire them in time.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private readonly ManualTimeProvider _timers = new();
    private TimeSpan _skipped;

    public override long TimestampFrequency => _timers.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _timers.GetUtcNow() + _skipped;

    public override long GetTimestamp() => _timers.GetTimestamp() + _skipped.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _timers.CreateTimer(callback, state, dueTime, period);

    public void Skip(TimeSpan by) => _skipped += by;
}
