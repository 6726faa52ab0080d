using AiCd.Web.Dashboard.Live;
using AiCd.Web.Dashboard.Pages.Board;
using AiCd.Web.Dashboard.Session;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Dashboard.Serving;

internal static class DashboardServices
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.Configure<CircuitOptions>(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            circuits.DisconnectedCircuitMaxRetained = 200;
        });
        services.AddSingleton<TenantPulses>();
        services.AddSingleton<FiguresOfTenants>();
        services.AddScoped<PageCaller>();
        services.AddScoped<Desk>();
        services.AddScoped<BoardReader>();
    }
}
