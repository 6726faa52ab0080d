using AiCd.Actors.Hosting;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Runtime;
using AiCd.Agents;
using AiCd.Forge;
using AiCd.Host.Commands;
using AiCd.Host.Configuration;
using AiCd.Host.Doctor;
using AiCd.Host.Driving;
using AiCd.Host.Output;
using AiCd.Host.Telemetry;
using AiCd.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiCd.Host.Composition;

/// <summary>The composition root: everything that a node needs, whichever command starts it.</summary>
internal static class NodeServices
{
    public static IServiceCollection AddNode(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddSettings<HostSettings>(HostSettings.Section);
        services.PostConfigure<HostSettings>(settings => settings.DataFolder = DataFolderOf(configuration));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<HostSettings>>().Value);
        services.AddSingleton<IValidateOptions<EngineOptions>, ClusterRules>();
        services.AddSingleton<OpenedStore>();
        services.AddSingleton(provider => provider.GetRequiredService<OpenedStore>().Store);
        services.AddAiCdEngine();
        services.AddDoctor();
        services.AddAiCdAgents();
        services.AddAiCdWebSettings();
        services.AddAiCdForge(configuration, DataFolderOf(configuration));
        services.AddSingleton<StoreOpener>();
        services.AddSingleton<SubmissionReader>();
        services.AddSettings<TelemetrySettings>(TelemetrySettings.Section);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TelemetrySettings>>().Value);
        services.AddSingleton<TelemetryExport>();
        services.AddSingleton<Housekeeping>();
        services.AddSingleton<JobDriver>();
        services.AddSingleton<JobSummary>();
        return services;
    }

    /// <summary>Absolute. Read before the settings were checked, because the forge wants it at registration.</summary>
    private static string DataFolderOf(IConfiguration configuration) => Path.GetFullPath(
        configuration[$"{HostSettings.Section}:{nameof(HostSettings.DataFolder)}"] is { Length: > 0 } folder ? folder : new HostSettings().DataFolder);
}
