using System.Net;
using System.Text.Json.Nodes;
using AiCd.Actors.Budgets;
using AiCd.Actors.Hosting;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime;
using AiCd.Testing;
using AiCd.Web.Access;
using AiCd.Web.Jobs;
using AiCd.Web.Tenants;
using AiCd.Web.Tests.GitHub;
using AiCd.Web.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Tests.Jobs;

/// <summary>What a tenant may have holds for every way to a job and to money.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private WebServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(settings: new Dictionary<string, string?>
    {
        ["AiCd:Budgets:Patience"] = "00:00:00",
        ["AiCd:GitHub:WebhookSecret"] = GitHubDelivery.Secret,
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_monthly_budget_is_held_to_by_jobs_that_are_at_work_and_when_it_is_raised_they_go_on()
    {
        var waiting = await _server.Acme.SubmitAsync("dear hold:PLANNING");
        await LimitAsync(new { monthlyBudget = 3 });
        await _server.UntilAsync(await _server.Acme.SubmitAsync("dear"), JobState.Completed);
        _server.Work.LetGo(JobId.Parse(waiting), Stage.Planning);

        var hold = (await _server.UntilAsync(waiting, job => job.BudgetHold is not null)).BudgetHold!;
        hold.ShouldStartWith("The budget of tenant acme for ");
        hold.ShouldEndWith("of $3.00 does not cover the next request of up to $2.00: $0.00 spent, $2.00 set aside for calls under way");
        (await ReleaseAsync()).ShouldBe(0);

        await LimitAsync(new { monthlyBudget = 4 });
        (await ReleaseAsync()).ShouldBe(1);
        await _server.UntilAsync(waiting, JobState.Completed);
    }

    [Fact]
    public async Task What_an_operator_sets_for_the_month_counts_instead_of_the_tenants_budget()
    {
        await LimitAsync(new { monthlyBudget = 1 });
        var id = await _server.Acme.SubmitAsync("dear");
        await _server.UntilAsync(id, job => job.BudgetHold is not null);

        var raised = await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/budget", new { limit = 3, of = "month" });

        ((int)raised.Body!["released"]!).ShouldBe(1);
        await _server.UntilAsync(id, JobState.Completed);
        await _server.Acme.SubmitAsync("Greet");
        await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/budget", new { limit = 2, of = "month" });
        (await _server.Acme.TellAsync("/api/v1/jobs", Api.Job())).ShouldBeProblem(HttpStatusCode.TooManyRequests, "quota-exceeded");
    }

    [Fact]
    public async Task What_unfinished_jobs_have_set_aside_counts_against_the_month_when_a_job_is_submitted()
    {
        await LimitAsync(new { monthlyBudget = 2 });
        await _server.UntilAsync(await _server.Acme.SubmitAsync("dear hold:REVIEWING"), JobState.Reviewing);

        var refused = await _server.Acme.TellAsync("/api/v1/jobs", Api.Job());

        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "quota-exceeded");
        ((string?)refused.Body!["detail"]).ShouldBe("The tenant may have $2.00 a month");
        await _server.Umbra.SubmitAsync(tenant: "umbra");
    }

    [Fact]
    public async Task A_retry_that_is_at_work_is_given_though_no_other_job_may_be_made()
    {
        var (first, second) = (await CancelledAsync(), await CancelledAsync());
        await LimitAsync(new { maxConcurrentJobs = 1 });
        var made = (await _server.Acme.TellAsync($"/api/v1/jobs/{first}/retry")).Body!;

        var (status, again) = await _server.Acme.TellAsync($"/api/v1/jobs/{first}/retry");

        (status, (string?)again!["id"]).ShouldBe((HttpStatusCode.OK, (string?)made["id"]));
        (await _server.Acme.TellAsync($"/api/v1/jobs/{second}/retry")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "quota-exceeded");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{second}/fork", new { })).ShouldBeProblem(HttpStatusCode.TooManyRequests, "quota-exceeded");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{made["id"]}/retry")).ShouldBeProblem(HttpStatusCode.Conflict, "illegal-transition");
        (await CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Nothing_goes_on_in_a_repository_that_is_not_the_tenants_any_more()
    {
        var comment = await GitHubDelivery.SendAsync(_server, "issue_comment", GitHubDelivery.Comment("acme", "/aicd plan", 11));
        var issues = (await GitHubDelivery.OutcomeAsync(_server, comment)).Split(' ')[^1];
        await _server.UntilAsync(issues, job => job.ProposedPlan is not null);
        await _server.Acme.TellAsync($"/api/v1/jobs/{issues}/cancel");
        var id = await CancelledAsync();
        await LimitAsync(new { repositories = new[] { "file:///repos/other*" } });

        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unprocessable", "repository");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/fork", new { })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unprocessable", "repository");
        var retry = await GitHubDelivery.SendAsync(_server, "issue_comment", GitHubDelivery.Comment("acme", "/aicd retry", 11));
        (await GitHubDelivery.OutcomeAsync(_server, retry)).ShouldStartWith("refused: The repository ");
        var done = await BulkAsync(await ConfirmAsync());
        ((int)done["applied"]!, (int)done["refused"]!, (long)done["remaining"]!).ShouldBe((0, 2, 0));
        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_bulk_retry_makes_no_more_jobs_than_the_tenant_may_have_and_goes_on_where_it_stopped()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await CancelledAsync());
        }

        // Those of the same millisecond are in no order.
        ids.Sort(StringComparer.Ordinal);
        await LimitAsync(new { maxConcurrentJobs = 2 });
        var done = await BulkAsync(await ConfirmAsync());

        ((int)done["applied"]!, (int)done["refused"]!, (long)done["remaining"]!, (string?)done["stopped"]).ShouldBe((2, 0, 3, "The tenant may have 2 unfinished jobs"));
        done["jobs"]!.AsArray().Select(id => (string)id!).ShouldBe(ids[..2]);
        (await CountAsync()).ShouldBe(7);
        var still = await BulkAsync((string)done["confirm"]!);
        ((int)still["applied"]!, (long)still["remaining"]!, still["jobs"]!.AsArray().Count).ShouldBe((0, 3, 0));

        await LimitAsync(new { });
        var rest = await BulkAsync((string)still["confirm"]!);
        ((int)rest["applied"]!, (long)rest["remaining"]!, rest["confirm"], rest["stopped"]).ShouldBe((3, 0, null, null));
        rest["jobs"]!.AsArray().Select(id => (string)id!).ShouldBe(ids[2..]);
        (await CountAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task A_bulk_retry_of_more_than_one_call_takes_every_job_once_though_all_of_them_fail_again()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await _server.Acme.SubmitAsync("fail:PLANNING"));
            await _server.UntilAsync(ids[^1], JobState.Failed);
        }

        // Retries are told from what was counted by when they were made.
        var last = (await _server.UntilAsync(ids[^1], JobState.Failed)).SubmittedAt;
        await Eventually.HoldsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() >= last.AddMilliseconds(1)), Token);
        ids.Sort(StringComparer.Ordinal);
        var scope = _server.Services.GetRequiredService<TenantScopes>().For(new ForgeCaller("ann", "acme"));
        var actions = new JobActions(
            scope, _server.Services.GetRequiredService<IAgents>(), _server.Services.GetRequiredService<IWorkspaces>(), TimeProvider.System);
        var bulk = new BulkActions(
            scope, _server.Services.GetRequiredService<TenantRules>(), actions, _server.Services.GetRequiredService<IDataProtectionProvider>(), TimeProvider.System)
        {
            MaxPerCall = 2,
        };
        var request = new BulkRequest("retry", new FilterRequest());
        var result = await bulk.RunAsync(request, Token);
        result.Matched.ShouldBe(5);

        var (taken, remaining) = (new List<string>(), new List<long>());
        while (result.Confirm is { } confirm)
        {
            result = await bulk.RunAsync(request with { Confirm = confirm }, Token);
            taken.AddRange(result.Jobs);
            remaining.Add(result.Remaining);
            (await scope.ListAsync(new JobListQuery(JobFilter.All, JobSort.Newest, null, 20), Token)).Count.ShouldBe(5 + taken.Count);
        }

        taken.ShouldBe(ids);
        remaining.ShouldBe([3, 1, 0]);
    }

    [Fact]
    public async Task A_deadline_that_is_still_to_come_holds_for_what_goes_on_from_the_job()
    {
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds());
        var id = await CancelledAsync(new { deadline });
        var fork = (string)(await _server.Acme.TellAsync($"/api/v1/jobs/{id}/fork", new { })).Body!["id"]!;
        var retry = (string)(await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry")).Body!["id"]!;

        (await _server.UntilAsync(fork, _ => true)).Submission.Deadline.ShouldBe(deadline);
        var retried = await _server.UntilAsync(retry, _ => true);
        retried.Submission.Deadline.ShouldBe(deadline);

        await _server.Acme.TellAsync($"/api/v1/jobs/{retry}/cancel");
        var gateway = _server.Services.GetRequiredService<EngineService>().Node!.Gateway;
        var links = new LinkedJobs(gateway, _server.Store, new ArtifactReader(_server.Store.Artifacts));
        var late = await links.RetryAsync(await _server.UntilAsync(retry, JobState.Cancelled), "ann", null, deadline, Token);
        (await gateway.FindAsync(late.ShouldBeOfType<LinkResult.Linked>().Submit.Job, Token))!.Submission.Deadline.ShouldBeNull();
    }

    private async Task<string> CancelledAsync(object? more = null)
    {
        var id = await _server.Acme.SubmitAsync("hold:CODING", more: more);
        await _server.UntilAsync(id, JobState.Coding);
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel")).Status.ShouldBe(HttpStatusCode.OK);
        return id;
    }

    /// <summary>Sets what is named; the rest is as it was at the beginning.</summary>
    [Fact]
    public async Task A_job_that_ends_for_the_next_one_leaves_its_place_to_it()
    {
        await LimitAsync(new { maxConcurrentJobs = 1 });
        await _server.UntilAsync(await _server.Acme.SubmitAsync("hold:CODING"), JobState.Coding);
        var rules = _server.Services.GetRequiredService<ITenantRules>();

        (await rules.FindObjectionAsync("acme", "file:///repos/acme.git", replaces: false, Token)).ShouldBe("The tenant may have 1 unfinished jobs");
        (await rules.FindObjectionAsync("acme", "file:///repos/acme.git", replaces: true, Token)).ShouldBeNull();
    }

    private async Task LimitAsync(object limits)
    {
        var tenant = new JsonObject { ["name"] = "Acme", ["repositories"] = new JsonArray("file:///repos/acme*", "https://github.com/acme/*"), ["installations"] = new JsonArray(11) };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(limits)!.AsObject())
        {
            tenant[name] = value?.DeepClone();
        }

        (await _server.Admin.SendAsync(HttpMethod.Put, "/api/v1/tenants/acme", tenant)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private Task<int> ReleaseAsync() =>
        _server.Services.GetRequiredService<BudgetKeeper>().ReleaseAsync(_server.Services.GetRequiredService<EngineService>().Node!.Gateway, "test", Token);

    private async Task<string> ConfirmAsync() => (string)(await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "retry", filter = new { } })).Body!["confirm"]!;

    private async Task<JsonNode> BulkAsync(string confirm)
    {
        var (status, done) = await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "retry", filter = new { }, confirm });
        status.ShouldBe(HttpStatusCode.OK, done?.ToJsonString());
        return done!;
    }

    private async Task<int> CountAsync() => (await _server.Acme.AskAsync("/api/v1/jobs?limit=200")).Body!["items"]!.AsArray().Count;
}
