using System.Text.Json.Nodes;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Builder;

namespace AiCd.Web.OpenApi;

/// <summary>Errors that a route has besides those that every route has.</summary>
internal sealed record RouteProblems(IReadOnlyList<ProblemType> Types);

/// <summary>A body that the route accepts.</summary>
internal sealed record RouteExample(JsonNode Body);

internal static class RouteMetadata
{
    public static TBuilder Problems<TBuilder>(this TBuilder builder, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RouteProblems(types)));
        return builder;
    }

    public static RouteHandlerBuilder ExampleBody(this RouteHandlerBuilder builder, JsonNode body) => builder.WithMetadata(new RouteExample(body));
}
