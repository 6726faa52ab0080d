using AiCd.Actors.Hosting.Doctor;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Ports;
using AiCd.Agents.Cassettes;
using AiCd.Agents.Checks;
using AiCd.Agents.Command;
using AiCd.Agents.Configuration;
using AiCd.Agents.Http;
using AiCd.Agents.Mock;
using AiCd.Agents.Models;
using AiCd.Agents.Pricing;
using AiCd.Agents.Providers;
using AiCd.Agents.Providers.Anthropic;
using AiCd.Agents.Providers.OpenAi;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Stages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiCd.Agents;

public static class AgentsRegistration
{
    /// <summary>Registers every agent of this assembly and <see cref="IAgents"/> over all that are registered.</summary>
    /// <remarks>Agents read <c>AiCd:Agents:&lt;name&gt;</c> of the registered configuration.</remarks>
    public static IServiceCollection AddAiCdAgents(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSandbox();
        services.AddChecks();
        services.AddSettings<MockAgentOptions>(MockAgentOptions.Section);
        services.AddSingleton<IAgent, MockAgent>();
        services.AddSettings<CommandAgentOptions>(CommandAgentOptions.Section);
        services.AddSingleton<IAgent, CommandAgent>();
        services.AddModelAgents();
        services.AddSingleton<IAgents, AgentRegistry>();
        return services;
    }

    private static void AddModelAgents(this IServiceCollection services)
    {
        services.AddSettings<PriceOptions>(PriceOptions.Section);
        services.AddProvider<AnthropicOptions, AnthropicModelClient>(AnthropicOptions.Section, AnthropicModelClient.Name, "ANTHROPIC");
        services.AddProvider<OpenAiOptions, OpenAiModelClient>(OpenAiOptions.Section, OpenAiModelClient.Name, "OPENAI");
        services.AddSingleton<PriceTable>();
        services.AddOptions<CassetteOptions>().Configure<IConfiguration>((options, configuration) => options.Read(configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CassetteOptions>, CassetteOptions.Validator>();
        services.TryAddSingleton<ModelHttp>();
    }

    /// <param name="variables">What the provider's customary variables begin with; they count where nothing is configured.</param>
    private static void AddProvider<TOptions, TClient>(this IServiceCollection services, string section, string name, string variables)
        where TOptions : ModelAgentOptions
        where TClient : class, IModelClient
    {
        services.AddSettings<TOptions>(section);
        services.AddSingleton<IPostConfigureOptions<TOptions>>(provider => new PostConfigureOptions<TOptions, IConfiguration>(
            Options.DefaultName,
            provider.GetRequiredService<IConfiguration>(),
            (options, configuration) =>
            {
                options.ApiKey = options.ApiKey.Length > 0 ? options.ApiKey : configuration[$"{variables}_API_KEY"] ?? "";
                options.BaseUrl = options.BaseUrl.Length > 0 ? options.BaseUrl : configuration[$"{variables}_BASE_URL"] ?? "";
            }));
        services.AddSingleton<IModelClient, TClient>();
        services.AddSingleton<IDoctorCheck>(provider => new ModelDoctorCheck(
            provider.GetServices<IModelClient>().OfType<TClient>().Single(), provider.GetRequiredService<IOptions<TOptions>>().Value, section, variables));
        services.AddSingleton<IAgent>(provider => new ModelAgent(
            name,
            provider.GetRequiredService<IOptions<TOptions>>().Value,
            provider.GetServices<IModelClient>(),
            provider.GetRequiredService<PriceTable>(),
            provider.GetRequiredService<ISandbox>(),
            provider.GetRequiredService<IStagePolicies>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
