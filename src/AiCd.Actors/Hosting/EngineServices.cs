using AiCd.Actors.Budgets;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Retention;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiCd.Actors.Hosting;

/// <summary>Registers what a node needs besides its store, agents, workspaces and forge.</summary>
public static class EngineServices
{
    public static IServiceCollection AddAiCdEngine(this IServiceCollection services)
    {
        services.AddSettings<EngineOptions>(EngineOptions.Section);
        services.AddSettings<RetentionOptions>(RetentionOptions.Section);
        services.AddSettings<BudgetOptions>(BudgetOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChecks, NoChecks>();
        services.TryAddSingleton<IRepositoryRules, NoRepositoryRules>();
        services.TryAddSingleton<JobTargets>();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<EngineOptions>>().Value);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<RetentionOptions>>().Value);
        services.TryAddSingleton<RetentionPass>();
        services.TryAddSingleton<WorkspaceSweep>();
        services.TryAddSingleton(provider => new ArtifactReader(provider.GetRequiredService<IStore>().Artifacts));
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<BudgetOptions>>().Value);
        services.TryAddSingleton(provider => provider.GetRequiredService<IStore>().Ledger);
        services.TryAddSingleton<ITenantBudgets, NoTenantBudgets>();
        services.TryAddSingleton<SpendingRules>();
        services.TryAddSingleton<BudgetKeeper>();
        services.TryAddSingleton<StageDesk>();
        services.TryAddSingleton<PlanningWork>();
        services.TryAddSingleton<CodingWork>();
        services.TryAddSingleton<ReviewingWork>();
        services.TryAddSingleton<PullRequestWork>();
        services.TryAddSingleton<IStageWork, StageWork>();
        return services;
    }
}
