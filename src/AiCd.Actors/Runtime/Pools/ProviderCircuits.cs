namespace AiCd.Actors.Runtime.Pools;

/// <summary>
/// One circuit per provider. While it is open, jobs that need the provider wait and others go on; after a while one of them is let
/// through, and what becomes of it closes the circuit or opens it for longer.
/// </summary>
public sealed class ProviderCircuits(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Circuit> _circuits = [];
    private long _probes;

    /// <summary>Raised outside the lock when held jobs of the provider may try again.</summary>
    public event Action<string>? Reopened;

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
        Probing,
    }

    /// <summary>True for a provider that is up, and for the one job that finds out whether it is up again.</summary>
    /// <param name="probe">Names that one job; 0 for every other.</param>
    public bool TryPass(string provider, out long probe)
    {
        probe = 0;
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit))
            {
                return true;
            }

            if (circuit.State != State.HalfOpen)
            {
                return false;
            }

            circuit.State = State.Probing;
            circuit.Probe = probe = ++_probes;
            return true;
        }
    }

    public bool IsOpen(string provider)
    {
        lock (_lock)
        {
            return _circuits.ContainsKey(provider);
        }
    }

    /// <summary>Attempts that fail while the circuit is open failed together with the one that opened it: the pause does not double.</summary>
    /// <param name="retryAfter">What the provider asked for, up to a day; the pause is never shorter.</param>
    /// <returns>How long until somebody is let through.</returns>
    public TimeSpan ReportDown(string provider, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit))
            {
                _circuits.Add(provider, circuit = new Circuit());
            }

            var left = circuit.Wait - time.GetElapsedTime(circuit.OpenedAt);
            if (circuit.State != State.Open)
            {
                var doubled = circuit.Pause == default ? FirstPause : circuit.Pause * 2;
                left = circuit.Pause = doubled < LongestPause ? doubled : LongestPause;
            }
            else if (!(retryAfter > left))
            {
                return left;
            }

            circuit.State = State.Open;
            circuit.OpenedAt = time.GetTimestamp();
            circuit.Wait = retryAfter > left ? Bounded(retryAfter.Value) : left;
            circuit.Timer?.Dispose();
            circuit.Timer = time.CreateTimer(openedAt => HalfOpen(provider, (long)openedAt!), circuit.OpenedAt, circuit.Wait, Timeout.InfiniteTimeSpan);
            return circuit.Wait;
        }
    }

    public void ReportUp(string provider)
    {
        lock (_lock)
        {
            if (!_circuits.Remove(provider, out var circuit))
            {
                return;
            }

            circuit.Timer?.Dispose();
        }

        Reopened?.Invoke(provider);
    }

    /// <summary>The one job that was to find out ended without a word on the provider: another one may.</summary>
    public void ReportNothing(string provider, long probe)
    {
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit) || circuit.State != State.Probing || circuit.Probe != probe)
            {
                return;
            }

            circuit.State = State.HalfOpen;
        }

        Reopened?.Invoke(provider);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var circuit in _circuits.Values)
            {
                circuit.Timer?.Dispose();
            }
        }
    }

    private void HalfOpen(string provider, long openedAt)
    {
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit) || circuit.State != State.Open || circuit.OpenedAt != openedAt)
            {
                return;
            }

            circuit.State = State.HalfOpen;
        }

        Reopened?.Invoke(provider);
    }

    private static TimeSpan Bounded(TimeSpan retryAfter) => retryAfter < LongestRetryAfter ? retryAfter : LongestRetryAfter;

    private sealed class Circuit
    {
        public State State { get; set; } = State.Closed;

        public long Probe { get; set; }

        public long OpenedAt { get; set; }

        /// <summary>From <see cref="OpenedAt"/> until one is let through.</summary>
        public TimeSpan Wait { get; set; }

        public TimeSpan Pause { get; set; }

        public ITimer? Timer { get; set; }
    }
}
