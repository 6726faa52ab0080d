using System.Threading.Channels;

namespace AiCd.Web.Notifications;

/// <summary>Wakes those who find out by themselves, only later: that something was recorded, and that a hook has something to hear.</summary>
internal sealed class NotificationSignals(NotificationOptions options)
{
    private readonly Channel<bool> _recorded = Create();
    private readonly Dictionary<string, Channel<bool>> _hooks = options.Hooks.Select(hook => hook.Name).Distinct().ToDictionary(name => name, _ => Create());

    public void Recorded() => _recorded.Writer.TryWrite(true);

    public void Due(string hook) => _hooks.GetValueOrDefault(hook)?.Writer.TryWrite(true);

    public Task RecordedAsync(TimeSpan patience, CancellationToken cancellationToken) => WaitAsync(_recorded, patience, cancellationToken);

    public Task DueAsync(string hook, TimeSpan patience, CancellationToken cancellationToken) => WaitAsync(_hooks[hook], patience, cancellationToken);

    private static Channel<bool> Create() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static async Task WaitAsync(Channel<bool> signal, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await ((Task)signal.Reader.ReadAsync(limit.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
