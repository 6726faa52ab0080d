namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// How long the node's lease certainly holds, by this machine's monotonic clock: counted from before the renewal was sent, so that the
/// database never thinks it shorter.
/// </summary>
internal sealed class LeaseClock(TimeProvider time)
{
    private long _renewedAt = time.GetTimestamp();
    private TimeSpan _length = Timeout.InfiniteTimeSpan;
    private TaskCompletionSource _nextRenewal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A store that no other process shares needs no lease.</summary>
    public bool IsEndless => _length == Timeout.InfiniteTimeSpan;

    public TimeSpan Remaining => IsEndless ? TimeSpan.MaxValue : _length - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>True where a fresh lease holds for so long.</summary>
    public bool CanHoldFor(TimeSpan span) => IsEndless || _length >= span;

    public void Renewed(long sentAt, TimeSpan length)
    {
        _length = length;
        Volatile.Write(ref _renewedAt, sentAt);
        Interlocked.Exchange(ref _nextRenewal, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Completes when the lease certainly holds for so long: at once, or with a renewal.</summary>
    public async Task HoldsForAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look, so that no renewal between the two is missed.
            var renewal = Volatile.Read(ref _nextRenewal).Task;
            if (Remaining >= span)
            {
                return;
            }

            await renewal.WaitAsync(cancellationToken);
        }
    }
}
