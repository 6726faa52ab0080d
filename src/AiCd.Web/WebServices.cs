using AiCd.Actors.Hosting;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Dashboard.Serving;
using AiCd.Web.Dashboard.Session;
using AiCd.Web.Engine;
using AiCd.Web.GitHub;
using AiCd.Web.Jobs;
using AiCd.Web.Json;
using AiCd.Web.Notifications;
using AiCd.Web.OpenApi;
using AiCd.Web.Operations;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using AiCd.Web.Streams;
using AiCd.Web.Tenants;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiCd.Web;

/// <summary>Registers what the web needs besides the node, its store, agents, workspaces and forge.</summary>
public static class WebServices
{
    public static IServiceCollection AddAiCdWeb(this IServiceCollection services)
    {
        services.AddAiCdWebSettings();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<WebOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OpenedWebStore>();
        services.AddSingleton(provider => provider.GetRequiredService<OpenedWebStore>().Store);
        services.TryAddSingleton<IEngine>(provider => new HostedEngine(provider.GetRequiredService<EngineService>()));
        services.TryAddSingleton(provider => new EngineReadiness(provider.GetService<EngineService>()));
        services.TryAddSingleton<IForgePermissions, NobodyMayWrite>();
        services.TryAddSingleton<IIssueTriggers, NoIssueTriggers>();
        services.AddSingleton<IInstallationTenants, InstallationTenants>();
        services.AddSingleton<ITenantRules, TriggerRules>();
        services.AddSingleton<ITenantBudgets, TenantBudgets>();
        AddServing(services);
        AddAccess(services);
        AddQuestions(services);
        AddStreams(services);
        services.AddGitHubWebhooks();
        services.AddNotifications();
        services.AddApiDescription();
        services.AddDashboard();
        return services;
    }

    /// <summary>Makes the web's keys of the configuration known, also to commands that serve nothing. Twice does no harm.</summary>
    public static IServiceCollection AddAiCdWebSettings(this IServiceCollection services)
    {
        if (services.All(service => service.ImplementationInstance is not SettingsSection { Path: WebOptions.Section }))
        {
            services.AddSettings<WebOptions>(WebOptions.Section);
            services.AddSettings<NotificationOptions>(NotificationOptions.Section);
        }

        return services;
    }

    /// <summary>Opens the web's tables; before anything is served.</summary>
    /// <param name="dataFolder">Of an embedded node.</param>
    public static async Task OpenWebStoreAsync(this IServiceProvider services, string dataFolder, CancellationToken cancellationToken)
    {
        services.GetRequiredService<OpenedWebStore>().Store = await WebStoreOpener.OpenAsync(
            services.GetRequiredService<IStore>(),
            dataFolder,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<OpenedWebStore>>(),
            cancellationToken);

        // The container disposes what it has given out.
        services.GetRequiredService<IWebStore>();
    }

    private static void AddServing(IServiceCollection services)
    {
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json => WebJson.Apply(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOptions<KestrelServerOptions>().Configure<WebOptions>((kestrel, web) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = web.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeaderCount = 100;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32_768;
            kestrel.Limits.MaxRequestLineSize = 16_384;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<WebOptions>((timeouts, web) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = web.RequestTimeout,
            WriteTimeoutResponse = context => ProblemWriter.WriteAsync(
                context, Problem.Of(ProblemType.Unavailable, $"It took longer than {web.RequestTimeout}") with { RetryAfter = 5 }),
        });
    }

    private static void AddAccess(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<Keys>();
        services.AddSingleton<FirstKey>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInLinks>();
        services.AddDataProtection().SetApplicationName("aicd");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((keys, provider) =>
            keys.XmlRepository = new StoredProtectionKeys(provider.GetRequiredService<IWebStore>));

        // Where there is no caller there is no tenant, and nothing of any tenant can be asked.
        services.AddScoped(provider => provider.GetRequiredService<PageCaller>().Caller
            ?? provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<Caller>()
            ?? throw new ProblemException(ProblemType.Unauthenticated));
        services.AddScoped(provider => provider.GetRequiredService<TenantScopes>().For(provider.GetRequiredService<Caller>()));
        services.AddSingleton<TenantScopes>();
        services.AddSingleton<TenantRules>();
    }

    private static void AddQuestions(IServiceCollection services)
    {
        services.AddSingleton<Cursors>();
        services.AddScoped<JobList>();
        services.AddScoped<JobHistory>();
        services.AddScoped<JobReader>();
        services.AddScoped<JobSubmission>();
        services.AddScoped<JobActions>();
        services.AddScoped<BulkActions>();
        services.AddScoped<TenantStats>();
        services.AddSingleton<ClusterReader>();
        services.AddSingleton<JournalWatch>();
        services.AddSingleton(provider => new DeadLetters(
            provider.GetRequiredService<IStore>(), provider.GetRequiredService<IWebStore>(), () => provider.GetRequiredService<IEngine>().Gateway, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JobBudgets>();
        services.AddSingleton<Installation>();
    }

    private static void AddStreams(IServiceCollection services)
    {
        services.AddSingleton<PositionTokens>();
        services.AddSingleton<JournalTail>();
        services.AddSingleton<StreamSlots>();
        services.AddSingleton<StreamPump>();
        services.AddHostedService(provider => provider.GetRequiredService<JournalTail>());
        services.AddHostedService<FeedRelay>();
        services.AddHostedService<NotesOfOtherNodes>();
    }
}
