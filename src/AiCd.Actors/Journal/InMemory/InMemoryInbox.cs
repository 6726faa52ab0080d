namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryInbox(InMemoryData data) : IInbox
{
    private readonly SignalBus _signals = new();

    public Task PostAsync(InboxCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            data.Inbox.Add(command.Id, new InboxRow(command with { Body = command.Body.ToArray() }, Outcome: null));
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<InboxCommand>> PendingAsync(IReadOnlyCollection<int> shards, int limit, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            var pending = data.Inbox.Values.Where(row => row.Outcome is null && shards.Contains(row.Command.Job.Shard));
            return Task.FromResult<IReadOnlyList<InboxCommand>>([.. pending.Take(limit).Select(row => row.Command)]);
        }
    }

    public Task<bool> SettleAsync(HandledCommand handled, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(TrySettle(data, handled));
        }
    }

    public Task<ReadOnlyMemory<byte>?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            // A null among arrays would become empty memory, which is an outcome.
            return Task.FromResult(data.Inbox.TryGetValue(id, out var row) && row.Outcome is { } outcome ? outcome : default(ReadOnlyMemory<byte>?));
        }
    }

    public Task SignalAsync(string message, CancellationToken cancellationToken)
    {
        _signals.Send(message);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<string> ListenAsync(CancellationToken cancellationToken) => _signals.ListenAsync(cancellationToken);

    public static bool IsPending(InMemoryData data, Guid id) => data.Inbox.TryGetValue(id, out var row) && row.Outcome is null;

    public static bool TrySettle(InMemoryData data, HandledCommand handled)
    {
        if (!IsPending(data, handled.Id))
        {
            return false;
        }

        data.Inbox[handled.Id] = data.Inbox[handled.Id] with { Outcome = handled.Outcome.ToArray(), HandledAt = data.Time.GetUtcNow() };
        return true;
    }
}

/// <param name="Outcome">Null while the command is not handled.</param>
internal sealed record InboxRow(InboxCommand Command, byte[]? Outcome, DateTimeOffset? HandledAt = null);
