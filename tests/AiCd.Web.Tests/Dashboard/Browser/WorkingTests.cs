using System.Text.RegularExpressions;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Projections;
using AiCd.Web.Access;
using AiCd.Web.Tenants;
using AiCd.Web.Tests.GitHub;
using AiCd.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiCd.Web.Tests.Dashboard.Browser;

/// <summary>What people do with jobs, in a browser against a node.</summary>
[Collection(nameof(BrowserPages))]
public sealed class WorkingTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_job_is_submitted_and_watched_to_its_end()
    {
        var page = await browser.OpenAsync("/new");
        await page.GetByLabel("Title").FillAsync("From the form hold:CODING talk");
        await page.GetByLabel("Repository").FillAsync("/repos/nowhere-of-mine.git");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit" }).ClickAsync();
        await Expect(page.Locator("#repository-problem")).ToContainTextAsync("a repository that was allowed to the tenant");
        await page.GetByLabel("Repository").FillAsync("/repos/acme.git");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit" }).ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("From the form hold:CODING talk");
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Coding");
        browser.Server.Work.LetGo(JobId.Parse(page.Url.Split('/')[^1]), Stage.Coding);
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Completed");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("MARK_COMPLETED");
        await Expect(page.Locator(".facts")).ToContainTextAsync("#7");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_plan_is_rejected_with_a_reason_and_the_next_one_approved()
    {
        var id = await browser.Server.Acme.SubmitAsync("Plan first", more: new { requirePlanApproval = true });
        await browser.Server.UntilAsync(id, job => job.ProposedPlan is not null);
        var page = await browser.OpenAsync($"/jobs/{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject…" }).ClickAsync();
        await page.Locator("#action-text").FillAsync("Mind the tests");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject the plan" }).ClickAsync();
        await Expect(page.Locator(".timeline")).ToContainTextAsync("Mind the tests");
        await Expect(page.Locator(".event-name", new() { HasText = "PLAN_PROPOSED" })).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve the plan" }).ClickAsync();
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Completed");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Issue" }).ClickAsync();
        await Expect(page.Locator(".feedback")).ToContainTextAsync("Mind the tests");
        (await browser.Server.WebStore.ListAuditAsync("acme", null, 100, TestContext.Current.CancellationToken))
            .Where(entry => entry.Target == id).Select(entry => entry.What).ShouldBe(["job.approve", "job.reject"]);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_job_that_waits_for_money_says_so_and_goes_on_when_it_gets_more()
    {
        var id = await browser.Server.Acme.SubmitAsync("A dear change", more: new { budget = 0.5 });
        await browser.Server.UntilAsync(id, job => job.BudgetHold is not null);
        var page = await browser.OpenAsync($"/jobs/{id}");
        await Expect(page.Locator(".hint.warn")).ToContainTextAsync("The job's budget of $0.50 does not cover the next request of up to $2.00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Budget…" }).ClickAsync();
        await page.Locator("#action-text").FillAsync("a lot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the budget" }).ClickAsync();
        await Expect(page.Locator(".action-form [role=alert]")).ToContainTextAsync("a number of US dollars");
        await BrowserFixture.KeepAsync(page, "job-waits-for-money");
        await page.Locator("#action-text").FillAsync("2.50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the budget" }).ClickAsync();
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Completed");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_job_is_cancelled_retried_and_forked_with_another_agent()
    {
        var id = await browser.Server.Acme.SubmitAsync("Steer me hold:CODING");
        await browser.Server.UntilAsync(id, JobState.Coding);
        var page = await browser.OpenAsync($"/jobs/{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Priority…" }).ClickAsync();
        await page.Locator("#action-text").FillAsync("7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await Expect(page.Locator(".timeline")).ToContainTextAsync("Priority is now 7");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).ClickAsync();
        await page.Locator("#action-text").FillAsync("No longer wanted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the job" }).ClickAsync();
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Cancelled");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("No longer wanted");
        await Expect(page.Locator(".action-form")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("Retry of");
        await Expect(page.Locator(".facts")).ToContainTextAsync(id);

        await page.GetByRole(AriaRole.Button, new() { Name = "Fork…" }).ClickAsync();
        await page.Locator("#action-text").SelectOptionAsync("other");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fork", Exact = true }).ClickAsync();
        await Expect(page.Locator(".actions")).Not.ToContainTextAsync("Not now");
        await Expect(page.Locator(".facts")).ToContainTextAsync("Fork of");
        await Expect(page.Locator(".facts")).ToContainTextAsync("other");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_card_moves_over_the_board_as_its_job_does()
    {
        var id = await browser.Server.Acme.SubmitAsync("Moving hold:REVIEWING");
        await browser.Server.UntilAsync(id, JobState.Reviewing);
        var page = await browser.OpenAsync("/");
        var card = page.Locator($"a.card[href='/jobs/{id}']");
        await Expect(page.GetByLabel(ColumnOf("Reviewing")).Locator(card)).ToBeVisibleAsync();
        browser.Server.Work.LetGo(JobId.Parse(id), Stage.Reviewing);
        await Expect(page.GetByLabel(ColumnOf("Completed")).Locator(card)).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_filtered_view_is_shared_by_its_address()
    {
        await browser.Server.UntilAsync(await browser.Server.Acme.SubmitAsync("Filter zebra one", more: new { labels = new[] { "stripes" } }), JobState.Completed);
        await browser.Server.UntilAsync(await browser.Server.Acme.SubmitAsync("Filter zebra two fail:CODING"), JobState.Failed);
        var page = await browser.OpenAsync("/jobs");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("zebra");
        await Expect(page.Locator(".item a.title")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Failed", Exact = true }).ClickAsync();
        await Expect(page.Locator(".item a.title")).ToHaveTextAsync(["Filter zebra two fail:CODING"]);
        await page.WaitForURLAsync(url => url.Contains("text=zebra", StringComparison.Ordinal) && url.Contains("state=FAILED", StringComparison.Ordinal));

        var other = await browser.OpenAsync(new Uri(page.Url).PathAndQuery);
        await Expect(other.Locator(".item a.title")).ToHaveTextAsync(["Filter zebra two fail:CODING"]);
        await Expect(other.Locator("[data-search]")).ToHaveValueAsync("zebra");
        await Expect(other.Locator("h1")).ToBeFocusedAsync();
        await other.Keyboard.PressAsync("j");
        await other.Keyboard.PressAsync("Enter");
        await Expect(other.Locator(".job-title .badge")).ToHaveTextAsync("Failed");
        await page.Context.DisposeAsync();
        await other.Context.DisposeAsync();
    }

    [Fact]
    public async Task Several_jobs_are_cancelled_after_they_were_counted()
    {
        foreach (var number in Enumerable.Range(1, 3))
        {
            await browser.Server.UntilAsync(await browser.Server.Acme.SubmitAsync($"Bulk okapi {number} hold:PLANNING"), JobState.Planning);
        }

        var page = await browser.OpenAsync("/jobs?text=okapi");
        await Expect(page.Locator(".item a.title")).ToHaveCountAsync(3);
        await page.GetByLabel("Select Bulk okapi 1 hold:PLANNING").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel selected…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel 1", Exact = true }).ClickAsync();
        await Expect(page.Locator(".list-body .badge", new() { HasText = "Cancelled" })).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel all that match…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("2 jobs will be cancelled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel 2", Exact = true }).ClickAsync();
        await Expect(page.Locator(".list-body .badge", new() { HasText = "Cancelled" })).ToHaveCountAsync(3);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Retries_of_all_that_match_stop_where_a_quota_is_used_up_and_go_on_with_the_rest()
    {
        foreach (var number in Enumerable.Range(1, 3))
        {
            var id = await browser.Server.Acme.SubmitAsync($"Bulk quokka {number} hold:PLANNING");
            await browser.Server.UntilAsync(id, JobState.Planning);
            await browser.Server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel");
        }

        var acme = await browser.Server.WebStore.FindTenantAsync("acme", CancellationToken.None);
        var scope = browser.Server.Services.GetRequiredService<TenantScopes>().For(new ForgeCaller("ann", "acme"));
        var made = await scope.CountAsync(new JobFilter(From: new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)), 10_000, CancellationToken.None);
        var page = await browser.OpenAsync("/jobs?text=quokka");
        try
        {
            await browser.Server.WebStore.UpdateTenantAsync(acme! with { MaxJobsPerDay = (int)made + 1 }, CancellationToken.None);
            await page.GetByRole(AriaRole.Button, new() { Name = "Retry all that match…" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("3 jobs will be retried: all that match the filters");
            await page.GetByRole(AriaRole.Button, new() { Name = "Retry 3", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("2 jobs will be retried: the rest of those that match");
            await Expect(page.Locator(".notice")).ToContainTextAsync($"1 retried, 2 are left. The tenant may have {made + 1} jobs a day.");
        }
        finally
        {
            await browser.Server.WebStore.UpdateTenantAsync(acme!, CancellationToken.None);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Retry 2", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
        var jobs = await scope.ListAsync(new JobListQuery(new JobFilter(Words: ["quokka"]), JobSort.Oldest, null, 100), CancellationToken.None);
        jobs.Count.ShouldBe(6);

        // The places are for other tests.
        foreach (var job in jobs.Where(job => !job.State.IsTerminal()))
        {
            await browser.Server.Acme.TellAsync($"/api/v1/jobs/{job.Id}/cancel");
        }

        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task The_scrubber_shows_the_job_as_it_was()
    {
        var page = await browser.OpenAsync($"/jobs/{browser.Done}?tab=diff");
        await Expect(page.Locator(".file")).ToHaveCountAsync(1);
        await page.Locator(".timeline .event").First.ClickAsync();
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Queued");
        await Expect(page.Locator(".panel")).ToContainTextAsync("There is no change at this event");
        await page.WaitForURLAsync(url => url.Contains("at=1", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to now" }).ClickAsync();
        await Expect(page.Locator(".job-title .badge")).ToHaveTextAsync("Completed");
        await page.GetByLabel("Round").SelectOptionAsync("0");
        await Expect(page.Locator(".comment-row")).ToContainTextAsync("Say more here");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_pool_is_paused_and_resumed_and_a_key_made_and_revoked()
    {
        var page = await browser.OpenAsync("/cluster", tenant: "default");
        var pool = page.GetByLabel("Pool Pull request");
        await pool.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(pool).ToContainTextAsync("Paused");
        await pool.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(pool.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Keys" }).ClickAsync();
        await page.GetByText("New key").ClickAsync();
        await page.Locator("#name").FillAsync("for-a-test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        var key = await page.Locator(".secret").InnerTextAsync();
        using (var client = browser.Server.Client(key))
        {
            (await client.AskAsync("/api/v1/jobs")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke for-a-test" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke for-a-test" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "for-a-test" })).ToContainTextAsync("Revoked");

        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Locator("table")).ToContainTextAsync("key.revoke");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_is_drained_says_so_until_it_is_let_again()
    {
        await using var server = await WebServer.StartAsync(new InMemoryStore(8, shared: true), new Dictionary<string, string?> { ["AiCd:NodeName"] = "one" });
        var page = await browser.OpenAsync("/cluster", tenant: "default", server: server);
        var node = page.Locator("tr", new() { HasText = "(this one)" });
        await Expect(node).ToContainTextAsync("Drives jobs");

        (await server.Admin.TellAsync("/api/v1/cluster/nodes/one/drain")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Expect(node.Locator(".tag.warn")).ToHaveTextAsync("Drained", new() { Timeout = 30_000 });
        await BrowserFixture.KeepAsync(page, "cluster-drained");

        (await server.Admin.TellAsync("/api/v1/cluster/nodes/one/undrain")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Expect(node.Locator(".tag.warn")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_is_looked_at_and_delivered_again()
    {
        await GitHubDelivery.OutcomeAsync(browser.Server, browser.Delivery);
        var page = await browser.OpenAsync("/webhooks");
        var row = page.Locator("tr", new() { HasText = browser.Delivery });
        await Expect(row).ToContainTextAsync("noted");
        await row.GetByRole(AriaRole.Button, new() { Name = "Body" }).ClickAsync();
        await Expect(page.GetByLabel("Body of the delivery")).ToContainTextAsync("Nothing is asked for");
        var before = await browser.Server.WebStore.FindDeliveryAsync(browser.Delivery, TestContext.Current.CancellationToken);
        await row.GetByRole(AriaRole.Button, new() { Name = "Redeliver" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("applied once more");
        await GitHubDelivery.OutcomeAsync(browser.Server, browser.Delivery);
        var after = await browser.Server.WebStore.FindDeliveryAsync(browser.Delivery, TestContext.Current.CancellationToken);
        after!.AppliedAt!.Value.ShouldBeGreaterThan(before!.AppliedAt!.Value);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_burst_of_events_keeps_no_reader_from_working()
    {
        var page = await browser.OpenAsync("/jobs?text=burst");
        var submitted = Task.WhenAll(Enumerable.Range(0, 100).Select(number => browser.Server.Acme.SubmitAsync($"Burst {number}")));
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keyboard-help")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        var failed = page.GetByRole(AriaRole.Button, new() { Name = "Failed", Exact = true });
        await failed.ClickAsync();
        await Expect(failed).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByText("No job matches.")).ToBeVisibleAsync();
        await failed.ClickAsync();
        await submitted;
        await Expect(page.Locator(".bulk")).ToContainTextAsync("100 jobs");
        await Expect(page.Locator(".list-body .badge").First).ToHaveTextAsync("Completed");
        (await page.Locator(".list-body .item").CountAsync()).ShouldBeLessThan(100, "only what is seen is drawn");
        await page.Context.DisposeAsync();
    }

    private static Regex ColumnOf(string state) => new($"^{state}, \\d+$");
}
