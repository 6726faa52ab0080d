using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiCd.Agents.Checks;

internal static class ChecksServices
{
    public static IServiceCollection AddChecks(this IServiceCollection services)
    {
        services.AddSettings<PolicyOptions>(PolicyOptions.Section);
        services.TryAddSingleton<RepositoryPolicies>();
        services.TryAddSingleton<IStagePolicies>(provider => provider.GetRequiredService<RepositoryPolicies>());
        services.Replace(ServiceDescriptor.Singleton<IRepositoryRules>(provider => provider.GetRequiredService<RepositoryPolicies>()));
        services.Replace(ServiceDescriptor.Singleton<IChecks, RepositoryChecks>());
        return services;
    }
}
