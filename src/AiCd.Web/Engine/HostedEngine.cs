using AiCd.Actors.Hosting;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Web.Engine;

/// <summary>The node under the generic host. Before it has started, whoever wants something of it hears that it is not there yet.</summary>
public sealed class HostedEngine(EngineService service) : IEngine
{
    public bool IsReady => service.IsReady;

    public string Incarnation => Node.Incarnation;

    public IJobGateway Gateway => Node.Gateway;

    public JobFeed Feed => Node.Feed;

    public IReadOnlyList<PoolView> Pools => [.. Node.Pools.All.Select(pool => pool.View())];

    public IReadOnlyList<ActorView> Actors => Node.Actors();

    public IReadOnlyList<int> OwnedShards => Node.OwnedShards;

    private EngineNode Node => service.Node ?? throw new JournalException("The node is starting", isTransient: true);

    public Task ChangePoolAsync(PoolSetting setting, CancellationToken cancellationToken) => Node.ChangePoolAsync(setting, cancellationToken);

    public void TellWatched(IReadOnlyCollection<JobId> jobs) => Node.TellWatched(jobs);

    public WaitingReason? Explain(Job job) => Node.Explain(job);

    public WaitingReason? ExplainPlace(JobId job) => Node.Pools.Explain(job);

    public Task ReadModelsCaughtUpAsync(CancellationToken cancellationToken) => Node.ReadModelsCaughtUpAsync(cancellationToken);
}
