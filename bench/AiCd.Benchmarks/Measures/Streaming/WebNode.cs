using System.Net.Http.Headers;
using AiCd.Actors.Hosting;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;
using AiCd.Web;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Benchmarks.Measures.Streaming;

/// <summary>A node under the shipped web server, on a port of its own. Its jobs stay in planning, so that nothing happens to them by itself.</summary>
internal sealed class WebNode : IAsyncDisposable
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["AiCd:NodeName"] = "benchmark",
        ["AiCd:StopGrace"] = "00:00:00.1",
        ["AiCd:Stages:Planning:Concurrency"] = "10000",
        ["AiCd:Stages:Planning:StartsPerSecond"] = "1000000",

        // All readers come with one key.
        ["AiCd:Web:RequestsPerSecond"] = "1000000",
        ["AiCd:Web:RequestBurst"] = "1000000",
        ["AiCd:Web:StreamsPerKey"] = "1000000",
    };

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private WebNode(WebApplication app, TemporaryFolder folder, string key)
    {
        (_app, _folder) = (app, folder);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Client { get; }

    public IJobGateway Gateway => _app.Services.GetRequiredService<EngineService>().Node!.Gateway;

    public static async Task<WebNode> StartAsync(IStore store, CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel();
        var services = builder.Services;
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        services.AddSingleton(_ => store);
        services.AddSingleton<IWorkspaces, PaperWorkspaces>();
        services.AddSingleton<IStageWork>(new ImmediateWork(stopBefore: Stage.Planning));
        services.AddSingleton(new WorkDelay(TimeSpan.Zero, TimeSpan.Zero));
        services.AddSingleton<IAgents, ScriptedAgent>();
        services.AddAiCdEngine();
        services.AddSingleton<EngineService>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineService>());
        services.AddAiCdWeb();
        var app = builder.Build();
        await app.Services.OpenWebStoreAsync(folder.Location, cancellationToken);
        app.UseAiCdWeb();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(cancellationToken);
        await app.Services.GetRequiredService<EngineService>().Started;
        var (key, _) = await app.Services.GetRequiredService<Keys>().CreateAsync(
            Tenant.Default, "readers", Scopes.Read, expiresAt: null, "benchmark", cancellationToken);
        return new WebNode(app, folder, key);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
