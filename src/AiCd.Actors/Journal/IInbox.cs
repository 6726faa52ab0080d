using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// Commands that arise on another node than the one that owns the job. A command is a row until its owner has handled it; the outcome
/// is written in the transaction that appends its events (<see cref="AppendEntry.Handled"/>), or alone where there are none.
/// </summary>
public interface IInbox
{
    /// <summary>What a listener hears first.</summary>
    const string Listening = "listening";

    /// <summary>Durable when the task completes.</summary>
    Task PostAsync(InboxCommand command, CancellationToken cancellationToken);

    /// <summary>Commands of the given shards that are not handled yet, oldest first.</summary>
    Task<IReadOnlyList<InboxCommand>> PendingAsync(IReadOnlyCollection<int> shards, int limit, CancellationToken cancellationToken);

    /// <summary>Writes the outcome of a command that has no events.</summary>
    /// <returns>False where it was handled already: the outcome that is there stays.</returns>
    Task<bool> SettleAsync(HandledCommand handled, CancellationToken cancellationToken);

    /// <returns>The outcome, or null while the command is not handled.</returns>
    Task<ReadOnlyMemory<byte>?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Tells all nodes something, best effort: whoever misses it finds out by polling.</summary>
    Task SignalAsync(string message, CancellationToken cancellationToken);

    /// <summary>
    /// What nodes tell each other from now on. The first that comes is <see cref="Listening"/>: whatever was told before it has to be looked
    /// for, and nothing that is told after it is missed. Ends, possibly with a <see cref="JournalException"/>, when the connection does.
    /// </summary>
    IAsyncEnumerable<string> ListenAsync(CancellationToken cancellationToken);
}

/// <param name="Body">UTF-8 JSON; the runtime's own business.</param>
public sealed record InboxCommand(Guid Id, JobId Job, string Tenant, ReadOnlyMemory<byte> Body);

/// <param name="Outcome">UTF-8 JSON; the runtime's own business.</param>
public sealed record HandledCommand(Guid Id, ReadOnlyMemory<byte> Outcome);
