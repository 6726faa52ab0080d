namespace AiCd.Agents.Http;

/// <summary>Ends a call that stays silent for too long: every sign of life begins the wait anew.</summary>
internal sealed class Silence : IDisposable
{
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _clock;
    private readonly CancellationTokenSource _either;

    public Silence(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        _longest = longest;
        _clock = new CancellationTokenSource(longest, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _clock.Token);
    }

    public CancellationToken Token => _either.Token;

    public bool Expired => _clock.IsCancellationRequested;

    public void Broken() => _clock.CancelAfter(_longest);

    public void Dispose()
    {
        _either.Dispose();
        _clock.Dispose();
    }
}
