namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// How long the node's lease certainly holds, by this machine's monotonic clock: counted from before the renewal was sent, so that the
/// database never thinks it shorter.
/// </summary>
internal sealed class LeaseClock(TimeProvider time)
{
    private long _renewedAt = time.GetTimestamp();
    private TimeSpan _length = Timeout.InfiniteTimeSpan;
    private TaskCompletionSource _renewed = NewSignal();

    /// <summary>A store that no other process shares needs no lease.</summary>
    public bool IsEndless => _length == Timeout.InfiniteTimeSpan;

    public TimeSpan Remaining => IsEndless ? TimeSpan.MaxValue : _length - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>True where a fresh lease holds for so long.</summary>
    public bool CanHoldFor(TimeSpan span) => IsEndless || _length >= span;

    public void Renewed(long sentAt, TimeSpan length)
    {
        _length = length;
        Volatile.Write(ref _renewedAt, sentAt);
        Interlocked.Exchange(ref _renewed, NewSignal()).SetResult();
    }

    /// <summary>Waits for a renewal where the lease is too short for what is to be done now.</summary>
    /// <returns>False where it does not come to hold so long: the node cannot renew, or no lease is that long.</returns>
    public async Task<bool> OutlastsAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look: a renewal in between is not missed.
            var renewed = Volatile.Read(ref _renewed).Task;
            if (Remaining >= duration)
            {
                return true;
            }

            if (_length < duration)
            {
                return false;
            }

            await renewed.WaitAsync(_length, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!renewed.IsCompleted)
            {
                return false;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
