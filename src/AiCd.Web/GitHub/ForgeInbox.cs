using AiCd.Actors.Ports;
using AiCd.Web.Store;

namespace AiCd.Web.GitHub;

/// <summary>What was found on a forge goes the way of what its webhooks tell.</summary>
internal sealed class ForgeInbox(IWebStore store, DeliveryWake wake, TimeProvider time) : IForgeInbox
{
    public async Task ReceiveAsync(Guid id, string name, byte[] body, CancellationToken cancellationToken)
    {
        if (await store.ReceiveAsync(new Delivery(id.ToString(), name, body, time.GetUtcNow()), cancellationToken))
        {
            wake.Set();
        }
    }

    public Task<DateTimeOffset?> FindPositionAsync(string source, CancellationToken cancellationToken) => store.FindPositionAsync(source, cancellationToken);

    public Task MoveAsync(string source, DateTimeOffset position, CancellationToken cancellationToken) => store.MoveAsync(source, position, cancellationToken);
}
