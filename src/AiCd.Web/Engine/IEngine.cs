using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Web.Engine;

/// <summary>What the web needs of the node that it runs in.</summary>
public interface IEngine
{
    bool IsReady { get; }

    string Incarnation { get; }

    /// <exception cref="JournalException">The node is starting or stopping.</exception>
    IJobGateway Gateway { get; }

    JobFeed Feed { get; }

    IReadOnlyList<PoolView> Pools { get; }

    /// <summary>The actors that live on this node at the moment.</summary>
    IReadOnlyList<ActorView> Actors { get; }

    /// <summary>The shards whose jobs are driven here.</summary>
    IReadOnlyList<int> OwnedShards { get; }

    /// <summary>Changes a pool on every node, now and after restarts.</summary>
    Task ChangePoolAsync(PoolSetting setting, CancellationToken cancellationToken);

    /// <summary>Asks the other nodes to pass on what attempts of these jobs say; for 15 seconds, so whoever reads on asks again.</summary>
    void TellWatched(IReadOnlyCollection<JobId> jobs);

    /// <returns>Why the job does not move, as far as this node knows.</returns>
    WaitingReason? Explain(Job job);

    /// <returns>Why the job waits for a place in a pool of this node, or null where it does not.</returns>
    WaitingReason? ExplainPlace(JobId job);

    /// <summary>Completes when what this node committed before the call can be read from the read models.</summary>
    Task ReadModelsCaughtUpAsync(CancellationToken cancellationToken);
}
