using System.Security.Cryptography.X509Certificates;
using AiCd.Actors.Hosting;
using AiCd.Actors.Hosting.Doctor;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Board;
using AiCd.Forge.GitHub.Http;
using AiCd.Forge.GitHub.Triggers;
using AiCd.Forge.GitHub.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiCd.Forge.GitHub;

/// <summary>Registers the side of this part that works with GitHub.</summary>
public static class GitHubServices
{
    /// <summary>What only a node that serves has: the status of jobs on their issues, and the look for issues.</summary>
    public static IServiceCollection AddAiCdGitHubFollowers(this IServiceCollection services)
    {
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<IssueBoardService>(provider, provider.GetRequiredService<EngineService>()));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<IssuePoller>(provider, provider.GetRequiredService<EngineService>()));
        return services;
    }

    /// <param name="configuration">The root; read is <see cref="GitHubOptions.Section"/>, and the customary variables.</param>
    internal static void AddGitHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GitHubOptions>().Bind(configuration.GetSection(GitHubOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<GitHubOptions>>(new GitHubVariables(configuration));
        services.AddSingleton<IValidateOptions<GitHubOptions>, GitHubOptionsValidator>();
        services.AddSingleton(new SettingsSection(GitHubOptions.Section, typeof(GitHubOptions)));
        AddMovedSettings(services);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<GitHubOptions>>().Value);
        services.TryAddSingleton(provider => new GitHubHost(provider.GetRequiredService<GitHubOptions>()));
        services.TryAddSingleton<Installations>();
        AddHttp(services);
        services.TryAddSingleton<AppAccess>();
        services.TryAddSingleton<TokenAccess>();
        services.TryAddSingleton<InstallationTokens>();
        services.TryAddSingleton<GitHubAccesses>();
        services.TryAddSingleton<AppApi>();
        services.TryAddSingleton<RepositoryApi>();
        services.TryAddSingleton<PullApi>();
        services.TryAddSingleton<IssueApi>();
        services.TryAddSingleton<IssueWordsApi>();
        services.TryAddSingleton<GitHubRepositories>();
        AddWork(services);
        services.AddSingleton<IDoctorCheck, GitHubDoctorCheck>();
        services.AddSingleton<IDoctorCheck, GitHubWebhookDoctorCheck>();
    }

    private static void AddMovedSettings(IServiceCollection services)
    {
        const string former = "AiCd:Web:GitHub";
        foreach (var key in new[] { nameof(GitHubOptions.Label), nameof(GitHubOptions.Agent), nameof(GitHubOptions.RequirePlanApproval) })
        {
            services.AddSingleton(new MovedSetting($"{former}:{key}", $"it is {GitHubOptions.Section}:{key} now"));
        }

        services.AddSingleton(new MovedSetting($"{former}:Secrets", $"it is {GitHubOptions.Section}:{nameof(GitHubOptions.WebhookSecrets)} now"));
        services.AddSingleton(new MovedSetting($"{former}:OwnLogin", "AiCd knows what it wrote itself"));
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.TryAddSingleton<ResponseCache>();
        services.TryAddSingleton(provider => new Pacer(
            () => provider.GetRequiredService<IStore>().Pacing, provider.GetRequiredService<GitHubOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<GitHubHttp>(provider, CreateClient(provider.GetRequiredService<GitHubOptions>())));
        services.TryAddSingleton<ApiCalls>();
    }

    private static void AddWork(IServiceCollection services)
    {
        services.TryAddSingleton<PushTargets>();
        services.TryAddSingleton<GitHubPusher>();
        services.TryAddSingleton<GitHubPullRequests>();
        services.TryAddSingleton<GitHubEvidence>();
        services.TryAddSingleton<GitHubForge>();
        services.TryAddSingleton<OwnLogin>();
        services.TryAddSingleton(provider => new IssueBoard(
            provider.GetRequiredService<GitHubHost>(),
            provider.GetRequiredService<GitHubRepositories>(),
            provider.GetRequiredService<GitHubAccesses>(),
            provider.GetRequiredService<IssueApi>(),
            provider.GetRequiredService<OwnLogin>(),
            provider.GetRequiredService<ILogger<IssueBoard>>()));
        services.TryAddSingleton<GitHubPermissions>();
        services.TryAddSingleton<IForgePermissions>(provider => provider.GetRequiredService<GitHubPermissions>());
        services.TryAddSingleton<IssueEdits>();
        services.TryAddSingleton<IIssueTriggers, IssueTriggers>();
        services.TryAddSingleton<MissedDeliveries>();
        services.TryAddSingleton<CommentPoll>();
        services.TryAddSingleton<ReviewPoll>();
        services.TryAddSingleton<FollowUps>();
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<PullRequestWatch>(
            provider, provider.GetService<EngineOptions>() ?? new EngineOptions()));
        services.TryAddSingleton<IssuePoll>();
    }

    /// <summary>Redirects are followed by us: a token is for one host. Time limits are ours too.</summary>
    private static HttpClient CreateClient(GitHubOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.CaFile.Length > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
