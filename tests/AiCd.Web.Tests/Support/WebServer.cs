using System.Net.Http.Headers;
using AiCd.Actors.Hosting;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Ports;
using AiCd.Actors.Stages;
using AiCd.Testing;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Tests.Support;

/// <summary>A node with its web on a port of its own, and clients of two tenants that know nothing of each other.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder? _folder;
    private readonly bool _ownsStore;

    private WebServer(WebApplication app, TemporaryFolder? folder, IStore store, bool ownsStore)
    {
        (_app, _folder, Store, _ownsStore) = (app, folder, store, ownsStore);
        Url = app.Urls.First();
    }

    public string Url { get; }

    public IStore Store { get; }

    public IServiceProvider Services => _app.Services;

    public ScriptedWork Work => (ScriptedWork)Services.GetRequiredService<IStageWork>();

    public RepositoryFake Repository => Services.GetRequiredService<RepositoryFake>();

    public IssuesFake Issues => Services.GetRequiredService<IssuesFake>();

    public IWebStore WebStore => Services.GetRequiredService<IWebStore>();

    public WebLogLines Log { get; private init; } = new();

    /// <summary>Reads and writes the jobs of <c>acme</c>.</summary>
    public HttpClient Acme { get; private set; } = null!;

    /// <summary>Reads and writes the jobs of <c>umbra</c>.</summary>
    public HttpClient Umbra { get; private set; } = null!;

    /// <summary>May do everything, in the tenant <c>default</c>.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public static async Task<WebServer> StartAsync(
        IStore? store = null, IDictionary<string, string?>? settings = null, bool ownsStore = true, string? dataFolder = null, string url = "http://127.0.0.1:0")
    {
        var folder = dataFolder is null ? new TemporaryFolder() : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel();
        var log = new WebLogLines();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        var chosen = store ?? new InMemoryStore(8);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AiCd:Stages:Planning:StartsPerSecond"] = "100000", ["AiCd:Stages:Coding:StartsPerSecond"] = "100000" })
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>())
            .Build();
        builder.Services.AddSingleton<IConfiguration>(configuration);
        builder.Services.AddSingleton(_ => chosen);
        builder.Services.AddSingleton<RepositoryFake>();
        builder.Services.AddSingleton<IWorkspaces>(provider => provider.GetRequiredService<RepositoryFake>());
        builder.Services.AddSingleton<IAgents, AgentNames>();
        builder.Services.AddSingleton<IStageWork, ScriptedWork>();
        builder.Services.AddSingleton<Writers>();
        builder.Services.AddSingleton<IForgePermissions>(provider => provider.GetRequiredService<Writers>());
        builder.Services.AddSingleton<IssuesFake>();
        builder.Services.AddSingleton<IIssueTriggers>(provider => provider.GetRequiredService<IssuesFake>());
        builder.Services.AddAiCdEngine();
        builder.Services.AddSingleton<EngineService>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<EngineService>());
        builder.Services.AddAiCdWeb();
        var app = builder.Build();
        await app.Services.OpenWebStoreAsync(dataFolder ?? folder!.Location, CancellationToken.None);
        app.UseAiCdWeb();
        app.Urls.Add(url);
        await app.StartAsync();
        await app.Services.GetRequiredService<EngineService>().Started;
        var server = new WebServer(app, folder, chosen, ownsStore) { Log = log };
        await server.AddTenantsAsync();
        return server;
    }

    public HttpClient Client(string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Url) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    public async Task<string> KeyAsync(string tenant, Scopes scopes, DateTimeOffset? expiresAt = null) =>
        (await Services.GetRequiredService<Keys>().CreateAsync(tenant, $"{tenant}-{scopes}", scopes, expiresAt, "test", CancellationToken.None)).Key;

    /// <summary>Completes when the job is in the state.</summary>
    public async Task<Job> UntilAsync(string id, Func<Job, bool> reached)
    {
        var engine = Services.GetRequiredService<EngineService>().Node!;
        using var subscription = engine.Feed.Subscribe(JobId.Parse(id));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await engine.Gateway.FindAsync(JobId.Parse(id), patience.Token) is { } job && reached(job))
            {
                return job;
            }

            await subscription.Signals.ReadAsync(patience.Token);
        }
    }

    public Task<Job> UntilAsync(string id, JobState state) => UntilAsync(id, job => job.State == state);

    public async ValueTask DisposeAsync()
    {
        Acme.Dispose();
        Umbra.Dispose();
        Admin.Dispose();
        await _app.DisposeAsync();
        if (_ownsStore)
        {
            await Store.DisposeAsync();
        }

        _folder?.Dispose();
    }

    private async Task AddTenantsAsync()
    {
        foreach (var tenant in new[] { "acme", "umbra" })
        {
            await WebStore.AddTenantAsync(
                new Tenant(tenant, tenant, [$"file:///repos/{tenant}*", $"https://github.com/{tenant}/*"], [tenant == "acme" ? 11 : 22], null, null, null, DateTimeOffset.UnixEpoch, false),
                CancellationToken.None);
        }

        Acme = Client(await KeyAsync("acme", Scopes.Read | Scopes.Write));
        Umbra = Client(await KeyAsync("umbra", Scopes.Read | Scopes.Write));
        Admin = Client(await KeyAsync("default", Scopes.Read | Scopes.Write | Scopes.Operate | Scopes.Admin));
    }
}
