using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.GitHub;
using AiCd.Forge.Local;
using AiCd.Forge.Repositories;
using AiCd.Forge.Worktrees;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiCd.Forge;

/// <summary>
/// Registers this part: <see cref="IWorkspaces"/>, <see cref="IForge"/>, <see cref="IForgePermissions"/>, <see cref="IIssueTriggers"/> and
/// <see cref="LocalPullRequests"/>. What works with GitHub needs the node's store.
/// </summary>
public static class ForgeServices
{
    /// <param name="configuration">The root; read is <see cref="ForgeOptions.Section"/>.</param>
    /// <param name="dataFolder">Absolute; mirrors, worktrees and git's private home are made in it when they are needed.</param>
    public static IServiceCollection AddAiCdForge(this IServiceCollection services, IConfiguration configuration, string dataFolder)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        var folder = Path.GetFullPath(dataFolder);
        services.AddOptions<ForgeOptions>().Bind(configuration.GetSection(ForgeOptions.Section)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ForgeOptions>, ForgeOptionsValidator>();
        services.AddSingleton(new SettingsSection(ForgeOptions.Section, typeof(ForgeOptions)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<ForgeOptions>>().Value);
        services.TryAddSingleton(provider => Create<GitRunner>(provider, folder));
        services.TryAddSingleton<Blobs>();
        AddRepositories(services, folder);
        AddWorkspaces(services, folder);
        AddLocalForge(services);
        services.AddGitHub(configuration);
        services.TryAddSingleton<IForge, ForgeRouter>();
        return services;
    }

    private static void AddRepositories(IServiceCollection services, string folder)
    {
        services.TryAddSingleton<SourceRepositories>();
        services.TryAddSingleton<MirrorSources>();
        services.TryAddSingleton<Branches>();
        services.TryAddSingleton<MirrorLocks>();
        services.TryAddSingleton<StaleLocks>();
        services.TryAddSingleton<MirrorSeed>();
        services.TryAddSingleton(provider => Create<DirtyTree>(provider, folder));
        services.TryAddSingleton(provider => Create<Mirrors>(provider, folder));
    }

    private static void AddWorkspaces(IServiceCollection services, string folder)
    {
        services.TryAddSingleton(_ => new JobCommits(folder));
        services.TryAddSingleton<StartingPoints>();
        services.TryAddSingleton<Staging>();
        services.TryAddSingleton<TreeGuard>();
        services.TryAddSingleton<DiffReader>();
        services.TryAddSingleton<BaseFiles>();
        services.TryAddSingleton<CommitMaker>();
        services.TryAddSingleton<IWorkspaces>(provider => Create<Workspaces>(provider, folder));
    }

    private static void AddLocalForge(IServiceCollection services)
    {
        services.TryAddSingleton<SourceRefLocks>();
        services.TryAddSingleton<PullRequestRefs>();
        services.TryAddSingleton<PullRequestOpener>();
        services.TryAddSingleton<BranchPusher>();
        services.TryAddSingleton<LocalForge>();
        services.TryAddSingleton(provider => new LocalPullRequests(
            provider.GetRequiredService<GitRunner>(),
            provider.GetRequiredService<SourceRepositories>(),
            provider.GetRequiredService<PullRequestRefs>()));
    }

    private static T Create<T>(IServiceProvider provider, string folder) => ActivatorUtilities.CreateInstance<T>(provider, folder);
}
