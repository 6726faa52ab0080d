using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Dashboard.Serving;
using AiCd.Web.GitHub;
using AiCd.Web.Jobs;
using AiCd.Web.OpenApi;
using AiCd.Web.Operations;
using AiCd.Web.Problems;
using AiCd.Web.Serving;
using AiCd.Web.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiCd.Web;

/// <summary>What a request passes on its way, and where it may lead.</summary>
public static class WebRoutes
{
    public const string DescriptionPage = "/docs/api";

    public static WebApplication UseAiCdWeb(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ProblemWriter>();
        app.UseMiddleware<HostCheck>();
        app.UseDashboardNotFound();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseMiddleware<CallerMiddleware>();
        app.UseMiddleware<RateLimits>();
        app.UseMiddleware<ScopeCheck>();
        app.UseDashboardGuard();
        app.UseAntiforgery();
        app.UseApiDescriptionPage();

        app.MapHealth();
        app.MapGitHubWebhooks();
        app.MapGet("/sign-in/{token}", SignInLinks.Follow).Public().ExcludeFromDescription();
        app.MapApiDescription();
        var api = app.MapGroup("/api/v1");
        api.MapJobs();
        api.MapStreams();
        api.MapOperations();
        api.MapAdministration();
        api.MapDeliveries();
        app.MapDashboard();
        return app;
    }
}
