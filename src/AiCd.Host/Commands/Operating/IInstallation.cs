using AiCd.Actors.Jobs;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary>How the installation works, as a server or a store tells it.</summary>
internal interface IInstallation : IAsyncDisposable
{
    Task<ClusterResponse> ClusterAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<PoolLine>> PoolsAsync(CancellationToken cancellationToken);

    /// <summary>Changes a pool on every node, now and after restarts.</summary>
    /// <returns>The pools as they are then.</returns>
    Task<IReadOnlyList<PoolLine>> ChangePoolAsync(Stage stage, PoolRequest change, CancellationToken cancellationToken);

    /// <summary>Takes a node's shards away from it until it is let again, or lets it again.</summary>
    Task DrainAsync(string node, bool drained, CancellationToken cancellationToken);

    Task RebalanceAsync(CancellationToken cancellationToken);

    /// <summary>The actors of the node that is asked.</summary>
    Task<ActorList> ActorsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>What is recorded from now on, for ever.</summary>
    IAsyncEnumerable<WatchedEvent> TailAsync(WatchFilter filter, CancellationToken cancellationToken);

    /// <param name="limit">Of each kind.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellationToken);

    /// <returns>What is tried again.</returns>
    Task<DeadLetter> RedriveAsync(string kind, string id, CancellationToken cancellationToken);
}

/// <summary>A pool; what is at work in it is known to its node alone.</summary>
internal sealed record PoolLine(
    Stage Stage, int Concurrency, double StartsPerSecond, bool Paused, int? Running = null, int? Waiting = null, int? Delayed = null, int? Held = null);
