namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryPacing(TimeProvider time) : IPacing
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PaceState> _states = [];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<PaceTurn> TakeAsync(string key, PaceRule rule, TimeSpan patience, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (next, turn) = _states.GetValueOrDefault(key).Take(Now, rule, patience);
            _states[key] = next;
            return Task.FromResult(turn);
        }
    }

    public Task HoldAsync(string key, TimeSpan duration, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _states[key] = _states.GetValueOrDefault(key).Hold(Now, duration);
            return Task.CompletedTask;
        }
    }

    public Task<TimeSpan> HeldForAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_states.GetValueOrDefault(key).HeldFor(Now));
        }
    }
}
