using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>A place in a pool. Whoever holds it gives it back exactly once by disposing it; further calls do nothing.</summary>
public sealed class StageSlot(Stage stage, string provider, Action release) : IDisposable
{
    private Action? _release = release;

    public Stage Stage { get; } = stage;

    public string Provider { get; } = provider;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
