using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Engine;
using AiCd.Web.Jobs;
using AiCd.Web.OpenApi;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web.Operations;

/// <summary>Figures of a tenant, and the workings of the installation for those who operate it.</summary>
internal static class OperationsRoutes
{
    public static void MapOperations(this RouteGroupBuilder api)
    {
        api.MapGet("/stats", Stats).WithName("getStats").WithTags("Operations").Requires(Scopes.Read);
        api.MapGet("/version", Version).WithName("getVersion").WithTags("Operations").Requires(Scopes.Read);
        api.MapGet("/pools", Pools).WithName("listPools").WithTags("Operations").Requires(Scopes.Operate);
        api.MapPatch("/pools/{stage}", ChangePool).WithName("changePool").WithTags("Operations").Requires(Scopes.Operate).Audited("pool.change")
            .Problems(ProblemType.NotFound).ExampleBody(Examples.Pool);
        api.MapGet("/cluster", Cluster).WithName("getCluster").WithTags("Operations").Requires(Scopes.Operate);
    }

    /// <summary>Gives the figures of the tenant.</summary>
    internal static async Task<Ok<StatsResponse>> Stats(
        TenantStats stats,
        WebOptions options,
        [Description("How many hours back ends, durations and cost are counted; from 1 to 8760, 24 by default.")] int? hours,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await stats.ReadAsync(TimeSpan.FromHours(FieldRules.Number("hours", hours ?? options.StatsHours, 1, 8_760)), cancellationToken));

    /// <summary>Says which version answers.</summary>
    internal static Ok<VersionResponse> Version() => TypedResults.Ok(new VersionResponse(
        typeof(OperationsRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        RuntimeInformation.FrameworkDescription));

    /// <summary>Shows the pools of this node.</summary>
    internal static Ok<PoolList> Pools(IEngine engine) => TypedResults.Ok(Shown(engine));

    /// <summary>Changes a pool on every node, now and after restarts.</summary>
    /// <remarks>What runs goes on; a pool that is paused starts nothing new.</remarks>
    internal static async Task<Ok<PoolList>> ChangePool(string stage, PoolRequest request, IEngine engine, CancellationToken cancellationToken)
    {
        var pool = WireNames.TryParse<Stage>(stage.ToUpperInvariant(), out var name)
            ? engine.Pools.First(pool => pool.Stage == name)
            : throw ProblemException.NotFound("pool");
        if (request.StartsPerSecond is { } rate && rate is not (>= 0.01 and <= 1_000_000))
        {
            throw ProblemException.Field("startsPerSecond", "a number from 0.01 to 1000000", rate.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var setting = new PoolSetting(
            name,
            FieldRules.Number("concurrency", request.Concurrency ?? pool.Concurrency, 1, 10_000),
            request.StartsPerSecond ?? pool.StartsPerSecond,
            request.Paused ?? pool.Paused);
        await engine.ChangePoolAsync(setting, cancellationToken);
        return TypedResults.Ok(Shown(engine));
    }

    /// <summary>Shows nodes, leases, shards, and how far the read models lag behind.</summary>
    internal static async Task<Ok<ClusterResponse>> Cluster(IEngine engine, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ClusterReader.ReadAsync(store, engine.Incarnation, cancellationToken));

    private static PoolList Shown(IEngine engine) => new(
        engine.Incarnation,
        [.. engine.Pools.Select(pool => new PoolDetails(
            pool.Stage, pool.Concurrency, pool.StartsPerSecond, pool.Paused, pool.Running, pool.Waiting, pool.Delayed, pool.Held))]);
}
