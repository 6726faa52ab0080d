using AiCd.Actors.Hosting;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Configuration;
using AiCd.Host.Logging;
using AiCd.Host.Output;
using AiCd.Host.Telemetry;
using AiCd.Web;
using AiCd.Web.Administration;
using AiCd.Web.Serving;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Serving;

/// <summary>A node under the web server, from its start to its stop in good order.</summary>
internal static class Server
{
    // Beyond the grace: cutting attempts short, the last appends, the read models.
    internal static readonly TimeSpan TimeToWindUp = TimeSpan.FromSeconds(40);

    /// <param name="stop">Stops the server.</param>
    public static async Task RunAsync(IConfiguration configuration, Screen screen, bool verbose, CancellationToken stop)
    {
        await using var app = Build(configuration, screen, verbose);
        app.Services.ThrowIfSettingsInvalid();
        await app.Services.GetRequiredService<StoreOpener>().OpenAsync(stop);
        var settings = app.Services.GetRequiredService<HostSettings>();
        var urls = HttpUrlsAttribute.Split(settings.Urls);
        await app.Services.OpenWebStoreAsync(settings.DataFolder, stop);
        await ListenRule.CheckAsync(urls, app.Services.GetRequiredService<IWebStore>(), stop);
        await app.Services.GetRequiredService<FirstKey>().EnsureAsync(settings.DataFolder, stop);
        foreach (var url in urls)
        {
            app.Urls.Add(url);
        }

        app.Services.GetRequiredService<TelemetryExport>().Start();

        // Before the run: it disposes the services at its end.
        var engine = app.Services.GetRequiredService<EngineService>();
        try
        {
            await app.RunAsync(stop);
        }
        catch (IOException error)
        {
            throw new CommandException(ExitCodes.Environment, error.Message, error);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while it was still starting, which is stopped as asked.
        }

        if (engine.Failure is { } failure)
        {
            throw new CommandException(ExitCodes.Environment, $"the node could not start: {failure.Message}", failure);
        }
    }

    private static WebApplication Build(IConfiguration configuration, Screen screen, bool verbose)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrel();
        builder.Services.AddNode(configuration);
        builder.Services.AddSingleton<EngineService>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<EngineService>());
        builder.Services.AddHostedService<BudgetService>();
        builder.Services.AddHostedService<RetentionService>();
        builder.Services.AddAiCdGitHubFollowers();
        builder.Services.AddAiCdWeb();
        builder.Services.AddHostedService<ServerAnnouncement>();
        builder.Services.AddHostedService<SignInAnnouncement>();
        builder.Services.AddOptions<HostOptions>().Configure<EngineOptions>((host, engine) => host.ShutdownTimeout = engine.StopGrace + TimeToWindUp);
        AddLogging(builder.Logging, screen, verbose);
        var app = builder.Build();
        return app.UseAiCdWeb();
    }

    /// <summary>Lines for people on a terminal; JSON, one object a line, for everything else that reads.</summary>
    private static void AddLogging(ILoggingBuilder logging, Screen screen, bool verbose)
    {
        logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information);
        logging.AddFilter("Microsoft", verbose ? LogLevel.Information : LogLevel.Warning);
        if (Console.IsErrorRedirected)
        {
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
            logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
        else
        {
            logging.AddProvider(new ScreenLoggerProvider(screen, TimeProvider.System, details: true));
        }
    }
}
