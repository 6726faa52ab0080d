using AiCd.Actors.Runtime;
using AiCd.Host.Configuration;
using AiCd.Host.Logging;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Serving;

/// <summary>Says where the server listens, in the log and in server.json, and takes the latter back when it stops.</summary>
internal sealed class ServerAnnouncement(
    IServer server, HostSettings settings, EngineOptions options, ILogger<ServerAnnouncement> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var urls = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var url in urls)
        {
            HostLog.Listening(logger, url, settings.DataFolder);
        }

        if (urls.FirstOrDefault() is { } first)
        {
            await new ServerFile(Reachable(first), Environment.ProcessId).WriteAsync(settings.DataFolder, cancellationToken);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        HostLog.Stopping(logger, options.StopGrace);
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            ServerFile.Remove(settings.DataFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            HostLog.ServerFileLeft(logger, error, ServerFile.PathIn(settings.DataFolder));
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A server that listens everywhere is reached from this machine by its loopback address.</summary>
    internal static string Reachable(string url) => url
        .Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal)
        .Replace("//[::]:", "//[::1]:", StringComparison.Ordinal);
}
