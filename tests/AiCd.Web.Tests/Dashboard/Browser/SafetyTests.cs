using System.Net;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiCd.Web.Tests.Dashboard.Browser;

/// <summary>Who gets in, what a page may do, and what models and strangers can make of it.</summary>
[Collection(nameof(BrowserPages))]
public sealed class SafetyTests(BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scripts_in_titles_plans_paths_diffs_logs_and_comments_are_text()
    {
        var page = await browser.OpenAsync("/");
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) { complaints.Add(message.Text); } };
        page.Dialog += (_, dialog) => complaints.Add(dialog.Message);
        foreach (var (path, shown) in new[]
        {
            ($"/?text={browser.Hostile}", HostileWork.Script), ($"/jobs?text={browser.Hostile}", HostileWork.Script), ($"/jobs/{browser.Hostile}", "<svg onload="), ($"/jobs/{browser.Hostile}?tab=diff", "<img src=x onerror=window.injected=1>.cs"),
            ($"/jobs/{browser.Hostile}?tab=review", "<svg onload="), ($"/jobs/{browser.Hostile}?tab=checks", HostileWork.Script), ($"/jobs/{browser.Hostile}?tab=transcript", HostileWork.Script),
            ($"/jobs/{browser.Hostile}?tab=events", "SUBMITTED"), ($"/jobs/{browser.Hostile}?tab=issue", "<svg onload="),
        })
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("main")).ToContainTextAsync(shown);
            await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(details => { details.open = true; })");
            (await page.EvaluateAsync<bool>($"() => '{HostileWork.Mark}' in window")).ShouldBeFalse(path);
            (await page.Locator("main script, main img, main [onerror], main [onload], main a[href^='javascript:']").CountAsync()).ShouldBe(0, path);
        }

        complaints.ShouldBeEmpty();
        browser.Server.Log.Errors.ShouldBeEmpty();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_visitor_signs_in_with_a_key_and_gets_where_they_wanted_to_go()
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/jobs?text=zebra");
        await page.GetByLabel("API key").FillAsync("aicd_000000000000_0000000000000000000000000000000000000000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That key is not valid.");
        await page.GetByLabel("API key").FillAsync(await browser.Server.KeyAsync("acme", Scopes.Read));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Jobs");
        page.Url.ShouldEndWith("/jobs?text=zebra");
        await page.Locator(".menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("API key")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_link_opens_one_session_and_no_second_one()
    {
        var link = await browser.LinkAsync("acme", Scopes.Read);
        await using var first = await browser.NewContextAsync();
        var page = await first.NewPageAsync();
        await page.GotoAsync(link);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Board");
        await using var second = await browser.NewContextAsync();
        var late = await second.NewPageAsync();
        await late.GotoAsync(link);
        await Expect(late.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The link was used or is too old.");
    }

    [Fact]
    public async Task A_key_that_may_only_read_finds_nothing_to_change()
    {
        var page = await browser.OpenAsync($"/jobs/{browser.Done}", Scopes.Read);
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Completed");
        (await page.Locator(".actions, a[href='/new'], a[href='/cluster'], a[href='/keys']").CountAsync()).ShouldBe(0);
        foreach (var path in new[] { "/new", "/cluster", "/keys", "/webhooks", "/audit" })
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("main")).ToContainTextAsync("This key may");
        }

        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_page_of_another_tenant_shows_nothing_of_the_job()
    {
        var page = await browser.OpenAsync($"/jobs/{browser.Done}", tenant: "umbra");
        await Expect(page.Locator("main")).ToContainTextAsync("There is no such job");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_revoked_key_ends_the_sessions_it_opened()
    {
        var key = (await browser.Server.KeyAsync("acme", Scopes.Read | Scopes.Write)).Split('_')[1];
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(browser.Server.Services.GetRequiredService<SignInLinks>().Create(key));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Board");
        await browser.Server.Services.GetRequiredService<Keys>().RevokeAsync(key, Token);
        await Expect(page.GetByLabel("API key")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pages_of_other_sites_cannot_connect_or_sign_anybody_in()
    {
        using var client = browser.Server.Client();
        var key = await browser.Server.KeyAsync("acme", Scopes.Read);
        using var foreign = await client.ResponseAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", null, ("Authorization", $"Bearer {key}"), ("Origin", "http://127.0.0.1:1"));
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var nobody = await client.ResponseAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", null, ("Origin", browser.Server.Url));
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var form = new FormUrlEncodedContent([new("key", key), new("to", "/")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = form };
        request.Headers.Add("Origin", "https://evil.example");
        using var refused = await client.SendAsync(request, Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        refused.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_comes_back_by_itself_after_its_node_was_started_anew_and_catches_up()
    {
        using var folder = new TemporaryFolder();
        var (id, url, page) = await OpenOnFirstNodeAsync(folder);
        await using var store = await SqliteStore.OpenAsync(folder.Location, cancellationToken: Token);
        await using var second = await WebServer.StartAsync(store, ownsStore: false, dataFolder: folder.Location, url: url);
        await second.UntilAsync(id, job => job.Entry.Running is not null);
        second.Work.LetGo(Actors.Jobs.JobId.Parse(id), Actors.Jobs.Stage.Coding);
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });
        await page.Context.DisposeAsync();
    }

    private async Task<(string Id, string Url, IPage Page)> OpenOnFirstNodeAsync(TemporaryFolder folder)
    {
        await using var store = await SqliteStore.OpenAsync(folder.Location, cancellationToken: Token);
        await using var first = await WebServer.StartAsync(store, ownsStore: false, dataFolder: folder.Location);
        var id = await first.Acme.SubmitAsync("Lasting hold:CODING");
        await first.UntilAsync(id, Actors.Jobs.JobState.Coding);
        var page = await browser.OpenAsync($"/jobs/{id}", server: first);
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Coding");
        return (id, first.Url, page);
    }
}
