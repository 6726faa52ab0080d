using AiCd.Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web;

/// <summary>What load balancers and supervisors ask.</summary>
public static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
        return routes;
    }

    /// <summary>The process answers.</summary>
    private static Ok<Health> Live() => TypedResults.Ok(new Health("live"));

    /// <summary>The node takes commands and the store takes appends.</summary>
    private static Results<Ok<Health>, ProblemHttpResult> Ready(EngineService engine) => engine.IsReady
        ? TypedResults.Ok(new Health("ready"))
        : TypedResults.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: "Not ready",
            detail: "The node is starting or stopping, or its store takes no appends at the moment.");
}

public sealed record Health(string Status);
