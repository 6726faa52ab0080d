using AiCd.Actors.Hosting.Doctor;
using AiCd.Actors.Hosting.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Sandbox;

internal static class SandboxServices
{
    public static IServiceCollection AddSandbox(this IServiceCollection services)
    {
        services.AddSettings<SandboxOptions>(SandboxOptions.Section);
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsValidator>();
        services.TryAddSingleton<NodeSandbox>();
        services.TryAddSingleton<ISandbox>(provider => provider.GetRequiredService<NodeSandbox>());
        services.AddHostedService<SandboxCheck>();
        services.AddSingleton<IDoctorCheck, SandboxDoctorCheck>();
        return services;
    }
}
