using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>What operators want of the nodes of a store, told by the store: from any process, and heard by all nodes at once.</summary>
public sealed class ClusterControl(IStore store)
{
    /// <summary>
    /// The node hands its shards to others and takes none, also after restarts, until it is let again. What it runs it finishes: an
    /// attempt belongs to the node, and its result finds the new owner.
    /// </summary>
    /// <param name="node">Its name or its incarnation.</param>
    /// <returns>The node's name.</returns>
    /// <exception cref="NodeChoiceException">It is not clear which node that is, or the store has one only.</exception>
    public Task<string> DrainAsync(string node, CancellationToken cancellationToken) => ChangeAsync(node, drained: true, cancellationToken);

    /// <summary>Lets the node take its share again. One that is not alive is found by its name.</summary>
    public Task<string> UndrainAsync(string node, CancellationToken cancellationToken) => ChangeAsync(node, drained: false, cancellationToken);

    /// <summary>Every node looks at its share at once instead of at its next renewal.</summary>
    public async Task RebalanceAsync(CancellationToken cancellationToken)
    {
        if (store.IsShared)
        {
            await store.Inbox.SignalAsync(NodeSignals.ShardsMovedMessage, cancellationToken);
        }
    }

    private async Task<string> ChangeAsync(string node, bool drained, CancellationToken cancellationToken)
    {
        if (!store.IsShared)
        {
            throw new NodeChoiceException("expected a node of a cluster; the store has one node, which nobody would replace: pause its pools, or stop it");
        }

        var takers = (await store.Nodes.ReadAsync(cancellationToken)).Nodes.Where(other => other is { Alive: true, TakesShards: true }).ToList();
        var name = takers.FirstOrDefault(other => other.Incarnation == node)?.Name ?? node;
        var named = takers.Count(other => other.Name == name);
        if (named > 1)
        {
            throw new NodeChoiceException($"expected a node with a name of its own (AiCd:NodeName), got '{name}', which {named} nodes bear");
        }

        var mayBeSet = named == 1 || !drained;
        var changed = mayBeSet && await store.Nodes.DrainAsync(name, drained, cancellationToken);
        if (named == 0 && !changed)
        {
            throw new NodeChoiceException($"expected {(drained ? "" : "a node that is drained, or ")}one of the living nodes that drive jobs ({string.Join(", ", takers.Select(other => other.Name).Order())}), got '{node}'") { IsUnknown = true };
        }

        await RebalanceAsync(cancellationToken);
        return name;
    }
}

/// <summary>Nothing was done: the message says what was expected of the node's name.</summary>
public sealed class NodeChoiceException(string message) : Exception(message)
{
    /// <summary>There is no such node.</summary>
    public bool IsUnknown { get; init; }
}
