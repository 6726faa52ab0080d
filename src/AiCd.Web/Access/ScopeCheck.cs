using AiCd.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AiCd.Web.Access;

/// <summary>Lets nobody in whom the route does not ask for. A route of the API that says nothing is as if it were not there.</summary>
internal sealed class ScopeCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint)
        {
            ThrowIfNotAllowed(context, endpoint.Metadata.GetMetadata<RequiredScope>());
        }

        return next(context);
    }

    private static void ThrowIfNotAllowed(HttpContext context, RequiredScope? required)
    {
        // Endpoints without metadata are the router's own: they only say that the method is not known.
        if (required is null && context.Request.Path.StartsWithSegments("/api") && context.GetEndpoint()!.Metadata.Count > 0)
        {
            throw new ProblemException(ProblemType.NotFound);
        }

        if (required is not { Scope: not Scopes.None and var scope })
        {
            return;
        }

        var caller = context.Features.Get<Caller>()
            ?? throw new ProblemException(ProblemType.Unauthenticated, "Send a key: Authorization: Bearer aicd_...", HeaderNames.Authorization, "a valid key");
        if (!caller.May(scope))
        {
            throw new ProblemException(ProblemType.Forbidden, $"The key has the scopes {ScopeNames.Text(caller.Scopes)}", null, $"the scope {ScopeNames.Text(scope)}");
        }
    }
}
