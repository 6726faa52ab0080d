using AiCd.Actors.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiCd.Web.GitHub;

internal static class GitHubServices
{
    public static IServiceCollection AddGitHubWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).PostConfigure<IConfiguration>(
            (options, configuration) => options.WebhookSecret = options.WebhookSecret.Length > 0 ? options.WebhookSecret : configuration[WebhookOptions.Variable]?.Trim() ?? "");
        services.AddSingleton(provider => new WebhookSecrets(provider.GetRequiredService<IOptions<WebhookOptions>>().Value));
        services.AddSingleton<DeliveryWake>();
        services.AddSingleton<Redelivery>();
        services.AddSingleton<IForgeInbox, ForgeInbox>();
        services.AddSingleton<DeliveryMemory>();
        services.AddSingleton<DeliveryHandler>();
        services.AddSingleton<IssueJobs>();
        services.AddHostedService<DeliveryPump>();
        return services;
    }
}
