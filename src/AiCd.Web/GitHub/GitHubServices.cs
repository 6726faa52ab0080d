using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.GitHub;

internal static class GitHubServices
{
    public static IServiceCollection AddGitHubWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<DeliveryWake>();
        services.AddSingleton<Redelivery>();
        services.AddSingleton<DeliveryMemory>();
        services.AddSingleton<DeliveryHandler>();
        services.AddSingleton<IssueJobs>();
        services.AddHostedService<DeliveryPump>();
        return services;
    }
}
