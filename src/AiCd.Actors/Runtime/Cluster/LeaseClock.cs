namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// How long the node's lease certainly holds, by this machine's monotonic clock: counted from before the renewal was sent, so that the
/// database never thinks it shorter.
/// </summary>
internal sealed class LeaseClock(TimeProvider time)
{
    private long _renewedAt = time.GetTimestamp();
    private TimeSpan _length = Timeout.InfiniteTimeSpan;

    /// <summary>A store that no other process shares needs no lease.</summary>
    public bool IsEndless => _length == Timeout.InfiniteTimeSpan;

    public TimeSpan Remaining => IsEndless ? TimeSpan.MaxValue : _length - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    public void Renewed(long sentAt, TimeSpan length)
    {
        _length = length;
        Volatile.Write(ref _renewedAt, sentAt);
    }
}
