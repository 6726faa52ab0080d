namespace AiCd.Actors.Runtime.Pools;

/// <summary>
/// One circuit per provider. While it is open, jobs that need the provider wait and others go on; after a while one of them is let
/// through, and what becomes of it closes the circuit or opens it for longer.
/// </summary>
public sealed class ProviderCircuits(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Circuit> _circuits = [];

    /// <summary>Raised outside the lock when held jobs of the provider may try again.</summary>
    public event Action<string>? Reopened;

    private enum State
    {
        Open,
        HalfOpen,
        Probing,
    }

    /// <summary>True for a provider that is up, and for the one job that finds out whether it is up again.</summary>
    public bool TryPass(string provider)
    {
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

    /// <param name="retryAfter">What the provider asked for; the pause is never shorter.</param>
    public void ReportDown(string provider, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit))
            {
                _circuits.Add(provider, circuit = new Circuit());
            }
            else if (circuit.State == State.Open)
            {
                return;
            }

            var doubled = circuit.Pause == default ? FirstPause : circuit.Pause * 2;
            circuit.Pause = doubled < LongestPause ? doubled : LongestPause;
            circuit.State = State.Open;
            var pause = retryAfter > circuit.Pause ? retryAfter.Value : circuit.Pause;
            circuit.Timer?.Dispose();
            circuit.Timer = time.CreateTimer(_ => HalfOpen(provider), null, pause, Timeout.InfiniteTimeSpan);
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

    /// <summary>The probing job ended without a word on the provider: another one may find out.</summary>
    public void ReportNothing(string provider)
    {
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit) || circuit.State != State.Probing)
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

    private void HalfOpen(string provider)
    {
        lock (_lock)
        {
            if (!_circuits.TryGetValue(provider, out var circuit) || circuit.State != State.Open)
            {
                return;
            }

            circuit.State = State.HalfOpen;
        }

        Reopened?.Invoke(provider);
    }

    private sealed class Circuit
    {
        public State State { get; set; }

        public TimeSpan Pause { get; set; }

        public ITimer? Timer { get; set; }
    }
}
