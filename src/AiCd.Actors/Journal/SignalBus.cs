using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AiCd.Actors.Journal;

/// <summary>Signals between the nodes of one process.</summary>
internal sealed class SignalBus
{
    /// <summary>A listener that falls behind misses the oldest: signals are hints, and polling stands behind them.</summary>
    private const int Backlog = 1_000;

    private ImmutableArray<Channel<string>> _listeners = [];

    public void Send(string message)
    {
        foreach (var listener in _listeners)
        {
            listener.Writer.TryWrite(message);
        }
    }

    public async IAsyncEnumerable<string> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref _listeners, all => all.Add(channel));
        try
        {
            yield return IInbox.Listening;
            await foreach (var message in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return message;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _listeners, all => all.Remove(channel));
        }
    }
}
