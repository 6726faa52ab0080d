namespace AiCd.Actors.Ports;

/// <summary>
/// Takes in what was heard of a forge otherwise than by its webhooks. It is durable when the call returns, and applied afterwards, once,
/// however often it is told.
/// </summary>
public interface IForgeInbox
{
    /// <param name="id">The same for the same thing, whoever hears of it and when.</param>
    /// <param name="name">As the forge calls the event.</param>
    /// <param name="body">As the forge's webhook would have it.</param>
    Task ReceiveAsync(Guid id, string name, byte[] body, CancellationToken cancellationToken);

    /// <returns>How far a source was heard, or null where nobody has listened yet.</returns>
    Task<DateTimeOffset?> FindPositionAsync(string source, CancellationToken cancellationToken);

    /// <summary>A position never moves back.</summary>
    Task MoveAsync(string source, DateTimeOffset position, CancellationToken cancellationToken);
}
