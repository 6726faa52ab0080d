using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
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
        api.MapPost("/cluster/rebalance", Rebalance).WithName("rebalance").WithTags("Operations").Requires(Scopes.Operate).Audited("cluster.rebalance");
        api.MapPost("/cluster/nodes/{node}/drain", Drain).WithName("drainNode").WithTags("Operations").Requires(Scopes.Operate).Audited("node.drain")
            .Problems(ProblemType.NotFound, ProblemType.Unprocessable);
        api.MapPost("/cluster/nodes/{node}/undrain", Undrain).WithName("undrainNode").WithTags("Operations").Requires(Scopes.Operate).Audited("node.undrain")
            .Problems(ProblemType.NotFound, ProblemType.Unprocessable);
        api.MapGet("/actors", Actors).WithName("listActors").WithTags("Operations").Requires(Scopes.Operate);
        api.MapGet("/journal/stream", JournalStream.Follow).WithName("streamJournal").WithTags("Operations").Requires(Scopes.Operate)
            .Problems(ProblemType.InvalidCursor).Produces<WatchedEvent>(StatusCodes.Status200OK, "text/event-stream").DisableRequestTimeout();
        api.MapPost("/jobs/{id}/budget", SetBudget).WithName("setBudget").WithTags("Operations").Requires(Scopes.Operate).Audited("job.budget")
            .Problems(ProblemType.NotFound).ExampleBody(Examples.Budget);
        api.MapGet("/dead-letters", DeadLetters).WithName("listDeadLetters").WithTags("Operations").Requires(Scopes.Operate);
        api.MapPost("/dead-letters/{kind}/{id}/redrive", Redrive).WithName("redriveDeadLetter").WithTags("Operations").Requires(Scopes.Operate).Audited("deadletter.redrive")
            .Problems(ProblemType.NotFound, ProblemType.Quarantined);
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
    internal static Ok<PoolList> Pools(ClusterReader cluster) => TypedResults.Ok(cluster.Pools());

    /// <summary>Changes a pool on every node, now and after restarts.</summary>
    /// <remarks>What runs goes on; a pool that is paused starts nothing new.</remarks>
    internal static async Task<Ok<PoolList>> ChangePool(string stage, PoolRequest request, ClusterReader cluster, CancellationToken cancellationToken) =>
        TypedResults.Ok(await cluster.ChangePoolAsync(stage, request, cancellationToken));

    /// <summary>Shows nodes, leases, shards, and how far the read models lag behind.</summary>
    internal static async Task<Ok<ClusterResponse>> Cluster(ClusterReader cluster, CancellationToken cancellationToken) =>
        TypedResults.Ok(await cluster.ReadAsync(cancellationToken));

    /// <summary>Has every node look at its share of the shards at once.</summary>
    /// <remarks>Nodes do so by themselves at every renewal of their lease. The answer is the cluster as it was when they were told.</remarks>
    internal static async Task<Ok<ClusterResponse>> Rebalance(ClusterReader cluster, CancellationToken cancellationToken) =>
        TypedResults.Ok(await cluster.RebalanceAsync(cancellationToken));

    /// <summary>Takes a node out of the sharing of work: it hands over its shards and takes none, also after restarts.</summary>
    /// <remarks>What the node runs it finishes. The node is given by its name, or by its incarnation where that is known.</remarks>
    internal static async Task<Ok<ClusterResponse>> Drain(string node, ClusterReader cluster, CancellationToken cancellationToken) =>
        TypedResults.Ok(await cluster.DrainAsync(node, cancellationToken));

    /// <summary>Lets a node take its share of the shards again.</summary>
    internal static async Task<Ok<ClusterResponse>> Undrain(string node, ClusterReader cluster, CancellationToken cancellationToken) =>
        TypedResults.Ok(await cluster.UndrainAsync(node, cancellationToken));

    /// <summary>Shows the actors that live on this node.</summary>
    internal static Ok<ActorList> Actors(ClusterReader cluster, [Description("From 1 to 10000; 100 by default.")] int? limit) =>
        TypedResults.Ok(cluster.Actors(FieldRules.Number("limit", limit ?? 100, 1, 10_000)));

    /// <summary>Sets what a job, its repository or its tenant in this month may spend; jobs that wait for the money go on.</summary>
    /// <remarks>The job may be any tenant's. The limit counts instead of what is configured, until it is set anew.</remarks>
    internal static async Task<Ok<BudgetResponse>> SetBudget(
        string id, BudgetRequest request, JobBudgets budgets, IEngine engine, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await budgets.SetAsync(id, request, engine.Gateway, caller.Who, cancellationToken));

    /// <summary>Lists what goes on only when somebody looks at it: quarantined jobs, deliveries and notifications that were given up.</summary>
    internal static async Task<Ok<DeadLetterList>> DeadLetters(
        DeadLetters letters, [Description("Of each kind; from 1 to 1000, 100 by default.")] int? limit, CancellationToken cancellationToken) =>
        TypedResults.Ok(new DeadLetterList(await letters.ListAsync(FieldRules.Number("limit", limit ?? 100, 1, 1_000), cancellationToken)));

    /// <summary>Tries once more what was set aside or given up.</summary>
    /// <remarks>A job whose history still cannot be read stays in quarantine.</remarks>
    internal static async Task<Ok<DeadLetter>> Redrive(string kind, string id, DeadLetters letters, CancellationToken cancellationToken) =>
        TypedResults.Ok(await letters.RedriveAsync(kind, id, cancellationToken));
}
