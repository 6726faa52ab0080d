using AiCd.Actors.Ports;
using AiCd.Agents.Mock;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiCd.Agents;

public static class AgentsRegistration
{
    /// <summary>Registers every agent of this assembly and <see cref="IAgents"/> over all that are registered.</summary>
    /// <param name="configuration">The root; agents read <c>AiCd:Agents:&lt;name&gt;</c>.</param>
    public static IServiceCollection AddAiCdAgents(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MockAgentOptions>()
            .Bind(configuration.GetSection(MockAgentOptions.Section))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<MockAgentOptions>, MockAgentOptionsValidator>();
        services.AddSingleton<IAgent, MockAgent>();
        services.AddSingleton<IAgents, AgentRegistry>();
        return services;
    }
}
