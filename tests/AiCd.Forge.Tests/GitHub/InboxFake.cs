using AiCd.Actors.Ports;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>What was heard, as a service keeps it.</summary>
internal sealed class InboxFake : IForgeInbox
{
    private readonly Dictionary<Guid, (string Name, byte[] Body)> _received = [];

    public IReadOnlyCollection<(string Name, byte[] Body)> Received => _received.Values;

    public Dictionary<string, DateTimeOffset> Positions { get; } = [];

    public Task ReceiveAsync(Guid id, string name, byte[] body, CancellationToken cancellationToken)
    {
        _received.TryAdd(id, (name, body));
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> FindPositionAsync(string source, CancellationToken cancellationToken) =>
        Task.FromResult(Positions.TryGetValue(source, out var position) ? position : (DateTimeOffset?)null);

    public Task MoveAsync(string source, DateTimeOffset position, CancellationToken cancellationToken)
    {
        Positions[source] = Positions.TryGetValue(source, out var former) && former > position ? former : position;
        return Task.CompletedTask;
    }
}
