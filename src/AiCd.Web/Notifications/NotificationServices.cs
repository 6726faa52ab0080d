using AiCd.Web.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiCd.Web.Notifications;

internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<NotificationOptions>>().Value);
        services.AddSingleton<INotificationStore>(provider => provider.GetRequiredService<IWebStore>());
        services.AddSingleton<NotificationSignals>();
        services.AddSingleton<HookClient>();
        services.AddHostedService<NotificationFeeder>();
        services.AddHostedService<NotificationSender>();
        return services;
    }
}
