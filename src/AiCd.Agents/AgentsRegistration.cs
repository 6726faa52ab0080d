using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Ports;
using AiCd.Agents.Checks;
using AiCd.Agents.Command;
using AiCd.Agents.Mock;
using AiCd.Agents.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiCd.Agents;

public static class AgentsRegistration
{
    /// <summary>Registers every agent of this assembly and <see cref="IAgents"/> over all that are registered.</summary>
    /// <remarks>Agents read <c>AiCd:Agents:&lt;name&gt;</c> of the registered configuration.</remarks>
    public static IServiceCollection AddAiCdAgents(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<MockAgentOptions>(MockAgentOptions.Section);
        services.AddSingleton<IAgent, MockAgent>();
        services.AddSettings<CommandAgentOptions>(CommandAgentOptions.Section);
        services.AddSingleton<IAgent, CommandAgent>();
        services.AddSingleton<IAgents, AgentRegistry>();
        services.AddSandbox();
        services.AddChecks();
        return services;
    }
}
