namespace AiCd.Testing.GitHub;

/// <summary>What goes wrong with one request.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>Answered with this instead of being carried out.</summary>
    public sealed record Answer(int Status, string Message, IReadOnlyDictionary<string, string>? Headers = null) : Fault;

    /// <summary>The connection is cut.</summary>
    /// <param name="After">True where the request was carried out before.</param>
    public sealed record Cut(bool After) : Fault;

    /// <summary>Carried out, and half of the answer is sent.</summary>
    public sealed record Half : Fault;

    /// <summary>Stops until it is released, before or after the request is carried out.</summary>
    public sealed record Stop(Trap Trap, bool After) : Fault;
}

/// <summary>A place where a request waits.</summary>
public sealed class Trap
{
    private readonly TaskCompletionSource _sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a request has come here.</summary>
    public Task Sprung => _sprung.Task;

    public void Release() => _released.TrySetResult();

    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        _sprung.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>A fault that waits for its requests.</summary>
internal sealed class PlannedFault(Func<RecordedRequest, bool> fits, Fault fault, int times)
{
    private int _left = times;

    public Fault Fault { get; } = fault;

    public bool TryTake(RecordedRequest request) => fits(request) && Interlocked.Decrement(ref _left) >= 0;
}
