using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Web.Engine;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;

namespace AiCd.Web.Operations;

/// <summary>Nodes, shards and pools, for the API and the pages alike.</summary>
public sealed class ClusterReader(IEngine engine, IStore store)
{
    private readonly ClusterControl _control = new(store);

    public Task<ClusterResponse> ReadAsync(CancellationToken cancellationToken) => ReadAsync(store, engine.Incarnation, cancellationToken);

    /// <summary>The cluster as its store sees it at one moment.</summary>
    /// <param name="self">The incarnation of the node that asks; empty where none does.</param>
    public static async Task<ClusterResponse> ReadAsync(IStore store, string self, CancellationToken cancellationToken)
    {
        var view = await store.Nodes.ReadAsync(cancellationToken);
        var projected = await store.Jobs.ReadCursorsAsync([.. view.Shards.Select(shard => shard.Shard)], cancellationToken);
        return new ClusterResponse(
            self,
            store.IsShared,
            [.. view.Nodes.Select(node => new NodeDetails(
                node.Incarnation,
                node.Name,
                node.TakesShards,
                node.StartedAt,
                store.IsShared ? node.Remaining.TotalSeconds : null,
                !store.IsShared || node.Alive,
                view.Shards.Count(shard => shard.Owner == node.Incarnation),
                node.Drained))],
            [.. view.Shards.Select(shard => new ShardDetails(shard.Shard, shard.Owner, shard.Epoch, shard.Head, projected.GetValueOrDefault(shard.Shard)))],
            view.Shards.Sum(shard => shard.Head - projected.GetValueOrDefault(shard.Shard)));
    }

    /// <summary>The node hands over its shards and takes none until it is let again.</summary>
    /// <exception cref="ProblemException">It is not clear which node that is, or there is only one.</exception>
    public Task<ClusterResponse> DrainAsync(string node, CancellationToken cancellationToken) =>
        ChangeAsync(() => _control.DrainAsync(node, cancellationToken), cancellationToken);

    /// <inheritdoc cref="DrainAsync"/>
    public Task<ClusterResponse> UndrainAsync(string node, CancellationToken cancellationToken) =>
        ChangeAsync(() => _control.UndrainAsync(node, cancellationToken), cancellationToken);

    public Task<ClusterResponse> RebalanceAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => _control.RebalanceAsync(cancellationToken), cancellationToken);

    public ActorList Actors(int limit)
    {
        var actors = engine.Actors;
        return new ActorList(engine.Incarnation, actors.Count, [.. actors
            .OrderByDescending(actor => actor.Mailbox).ThenByDescending(actor => actor.Age).Take(limit)
            .Select(actor => new ActorDetails(actor.Job.Value, actor.Mailbox, actor.Age.TotalSeconds, actor.Idle.TotalSeconds))]);
    }

    public PoolList Pools() => new(
        engine.Incarnation,
        [.. engine.Pools.Select(pool => new PoolDetails(
            pool.Stage, pool.Concurrency, pool.StartsPerSecond, pool.Paused, pool.Running, pool.Waiting, pool.Delayed, pool.Held))]);

    /// <exception cref="ProblemException">There is no such pool, or a field is not what is expected.</exception>
    public async Task<PoolList> ChangePoolAsync(string stage, PoolRequest request, CancellationToken cancellationToken)
    {
        if (!WireNames.TryParse<Stage>(stage.ToUpperInvariant(), out var name))
        {
            throw ProblemException.NotFound("pool");
        }

        if (request.StartsPerSecond is { } rate && rate is not (>= 0.01 and <= 1_000_000))
        {
            throw ProblemException.Field("startsPerSecond", "a number from 0.01 to 1000000", rate.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        int? concurrency = request.Concurrency is { } number ? FieldRules.Number("concurrency", number, 1, 10_000) : null;
        await engine.ChangePoolAsync(
            await PoolSetting.OverAsync(store.PoolSettings, name, concurrency, request.StartsPerSecond, request.Paused, cancellationToken), cancellationToken);
        return Pools();
    }

    private async Task<ClusterResponse> ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        try
        {
            await change();
        }
        catch (NodeChoiceException choice)
        {
            throw new ProblemException(choice.IsUnknown ? ProblemType.NotFound : ProblemType.Unprocessable, $"node: {choice.Message}", "node");
        }

        return await ReadAsync(cancellationToken);
    }
}
