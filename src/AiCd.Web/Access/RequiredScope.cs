using Microsoft.AspNetCore.Builder;

namespace AiCd.Web.Access;

/// <summary>What a route asks of its caller. A route of the API that says nothing lets nobody in.</summary>
internal sealed record RequiredScope(Scopes Scope)
{
    /// <summary>For routes that anybody may ask.</summary>
    public static RequiredScope Nobody { get; } = new(Scopes.None);
}

internal static class RequiredScopeExtensions
{
    public static TBuilder Requires<TBuilder>(this TBuilder builder, Scopes scope)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequiredScope(scope)));
        return builder;
    }

    public static TBuilder Public<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(RequiredScope.Nobody));
        return builder;
    }
}
