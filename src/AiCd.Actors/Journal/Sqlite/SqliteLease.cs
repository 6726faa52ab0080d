namespace AiCd.Actors.Journal.Sqlite;

/// <summary>The lease of this process's incarnation, on the monotonic clock.</summary>
internal sealed class SqliteLease(TimeProvider time)
{
    private readonly Lock _gate = new();
    private string? _incarnation;
    private long _deadline;

    public void Begin(string incarnation, TimeSpan lease)
    {
        lock (_gate)
        {
            _incarnation = incarnation;
            _deadline = Deadline(lease);
        }
    }

    /// <returns>False where the lease is another's or has run out.</returns>
    public bool TryExtend(string incarnation, TimeSpan lease)
    {
        lock (_gate)
        {
            if (!IsAlive(incarnation))
            {
                return false;
            }

            _deadline = Deadline(lease);
            return true;
        }
    }

    public void End(string incarnation)
    {
        lock (_gate)
        {
            _incarnation = _incarnation == incarnation ? null : _incarnation;
        }
    }

    public bool IsAlive(string incarnation) => Remaining(incarnation) > TimeSpan.Zero;

    /// <returns>Null where this process did not begin that incarnation.</returns>
    public TimeSpan? Remaining(string incarnation)
    {
        lock (_gate)
        {
            return _incarnation == incarnation ? time.GetElapsedTime(time.GetTimestamp(), _deadline) : null;
        }
    }

    private long Deadline(TimeSpan lease) => time.GetTimestamp() + (long)(lease.TotalSeconds * time.TimestampFrequency);
}
