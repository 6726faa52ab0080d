using System.Threading.Channels;

namespace AiCd.Actors.Tests.Runtime.Support;

/// <summary>Holds up whoever comes until the test opens it, and tells the test when somebody has come.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _arrivals = Channel.CreateUnbounded<bool>();

    public void Open() => _open.TrySetResult();

    public async Task PassAsync(CancellationToken cancellationToken)
    {
        _arrivals.Writer.TryWrite(true);
        await _open.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when another one has come.</summary>
    public Task ArrivedAsync() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);
}
