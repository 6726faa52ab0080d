using AiCd.Host.Configuration;
using AiCd.Host.Logging;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Serving;

/// <summary>Makes the key of this machine where it is missing, and says by which link, once, the dashboard opens.</summary>
internal sealed class SignInAnnouncement(
    IServer server, HostSettings settings, FirstKey firstKey, SignInLinks links, ILogger<SignInAnnouncement> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var keyId = await firstKey.EnsureAsync(settings.DataFolder, cancellationToken);
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } url)
        {
            HostLog.SignInLink(logger, ServerAnnouncement.Reachable(url) + links.Create(keyId));
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
