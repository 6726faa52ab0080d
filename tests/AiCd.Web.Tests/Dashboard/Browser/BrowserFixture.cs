using AiCd.Actors.Jobs;
using AiCd.Web.Access;
using AiCd.Web.Tests.GitHub;
using AiCd.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AiCd.Web.Tests.Dashboard.Browser;

/// <summary>One browser and one node for all tests of pages.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Pages are kept here as pictures, for people to look at.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    internal WebServer Server { get; private set; } = null!;

    /// <summary>A job that is done, and one whose plan, change, review, checks and transcript try to run scripts.</summary>
    internal string Done { get; private set; } = "";

    internal string Hostile { get; private set; } = "";

    /// <summary>A delivery that came in.</summary>
    internal string Delivery { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000);
        Server = await WebServer.StartAsync(settings: new Dictionary<string, string?> { ["AiCd:GitHub:WebhookSecret"] = GitHubDelivery.Secret });
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("AICD_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        Done = await Server.Acme.SubmitAsync("Greet users by name (reject)", more: new { labels = new[] { "ui" } });
        Hostile = await Server.Acme.SubmitAsync($"hostile {HostileWork.Script}", more: new { body = HostileWork.Markdown, labels = new[] { HostileWork.Script } });
        Delivery = await GitHubDelivery.SendAsync(Server, "issue_comment", GitHubDelivery.Comment("acme", $"Nothing is asked for {HostileWork.Script}", installation: 11));
        await Server.Admin.TellAsync("/api/v1/cluster/rebalance");
        await Server.UntilAsync(Done, JobState.Completed);
        await Server.UntilAsync(Hostile, JobState.Completed);
    }

    /// <summary>A browser's window, signed in by a link.</summary>
    internal async Task<IPage> OpenAsync(
        string path = "/",
        Scopes scopes = Scopes.Read | Scopes.Write | Scopes.Operate | Scopes.Admin,
        string tenant = "acme",
        bool dark = false,
        int width = 1280,
        int height = 900,
        WebServer? server = null)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = (server ?? Server).Url,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync(await LinkAsync(tenant, scopes, server));
        if (path != "/")
        {
            await page.GotoAsync(path);
        }

        await Assertions.Expect(page.Locator("h1").First).ToBeVisibleAsync();
        return page;
    }

    internal async Task<string> LinkAsync(string tenant, Scopes scopes, WebServer? server = null)
    {
        var at = server ?? Server;
        return at.Services.GetRequiredService<SignInLinks>().Create((await at.KeyAsync(tenant, scopes)).Split('_')[1]);
    }

    internal static Task KeepAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name + ".png") });

    internal Task<IBrowserContext> NewContextAsync() => _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = Server.Url });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await Server.DisposeAsync();
    }
}

[CollectionDefinition(nameof(BrowserPages))]
public sealed class BrowserPages : ICollectionFixture<BrowserFixture>;
