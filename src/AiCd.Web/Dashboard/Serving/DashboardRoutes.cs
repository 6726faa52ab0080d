using AiCd.Web.Access;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web.Dashboard.Serving;

/// <summary>The pages, what they load, and the way in and out of them.</summary>
internal static class DashboardRoutes
{
    private const string Circuits = "/_blazor";

    /// <summary>
    /// Browsers name the origin of every websocket and let any page open one, with this server's cookies: what does not come from here is
    /// refused, and so is whoever is not signed in.
    /// </summary>
    public static void UseDashboardGuard(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(Circuits))
        {
            var origin = context.Request.Headers.Origin.ToString();
            if (origin.Length > 0 && origin != $"{context.Request.Scheme}://{context.Request.Host}")
            {
                throw new ProblemException(ProblemType.CrossOrigin, "Pages of other sites may not connect", "Origin", "this server's address");
            }

            if (context.Features.Get<Caller>() is null)
            {
                throw new ProblemException(ProblemType.Unauthenticated);
            }
        }

        await next(context);
    });

    /// <summary>Where a person asks for a page that is not there, the answer is a page too.</summary>
    public static void UseDashboardNotFound(this IApplicationBuilder app) => app.UseWhen(
        IsForPage, branch => branch.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapDashboardAssets();
        routes.MapPost("/sign-in", SignIn.WithKeyAsync).Public().ExcludeFromDescription().DisableAntiforgery();
        routes.MapPost("/sign-out", SignIn.Out).Public().ExcludeFromDescription().DisableAntiforgery();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static bool IsForPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/api")
        && !context.Request.Path.StartsWithSegments("/health");
}
