using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Web.GitHub;
using AiCd.Web.Store;
using AiCd.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Tests.GitHub;

public sealed class WebhookTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(settings: new Dictionary<string, string?>
    {
        ["AiCd:GitHub:WebhookSecrets:0"] = "the old one",
        ["AiCd:GitHub:WebhookSecret"] = GitHubDelivery.Secret,
        ["AiCd:Stages:Coding:Concurrency"] = "50",
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_delivery_is_signed_with_one_of_the_secrets_over_exactly_its_body()
    {
        var body = GitHubDelivery.Labeled("acme", 11).ToJsonString();

        (await GitHubDelivery.PostAsync(_server, "issues", body, Guid.NewGuid().ToString(), "the old one")).ShouldBe(HttpStatusCode.Accepted);
        (await GitHubDelivery.PostAsync(_server, "issues", body, Guid.NewGuid().ToString(), "another")).ShouldBe(HttpStatusCode.Unauthorized);
        (await GitHubDelivery.PostAsync(_server, "issues", body, "no guid")).ShouldBe(HttpStatusCode.BadRequest);
        (await GitHubDelivery.PostAsync(_server, "../issues", body, Guid.NewGuid().ToString())).ShouldBe(HttpStatusCode.BadRequest);
        using var client = _server.Client();
        (await client.TellAsync("/webhooks/github", body)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated", "X-Hub-Signature-256");
        (await client.TellAsync("/webhooks/github", body, ("X-Hub-Signature-256", "sha256=zz"))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_label_makes_a_job_once_however_often_it_is_delivered()
    {
        var id = await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Labeled("acme", 11, title: "hold:CODING till"));
        var outcome = await GitHubDelivery.OutcomeAsync(_server, id);
        outcome.ShouldStartWith("submitted: ");
        await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Labeled("acme", 11, title: "hold:CODING till"), id);
        (await GitHubDelivery.OutcomeAsync(_server, id)).ShouldBe(outcome);
        var second = await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Labeled("acme", 11, title: "hold:CODING till"));
        (await GitHubDelivery.OutcomeAsync(_server, second)).ShouldBe(outcome.Replace("submitted", "at work already", StringComparison.Ordinal));

        var (_, job) = await _server.Acme.AskAsync($"/api/v1/jobs/{outcome.Split(' ')[^1]}");
        ((string)job!["submittedBy"]!).ShouldBe("github:ann");
        ((string)job["url"]!).ShouldBe("https://github.com/acme/shop/issues/12");
    }

    [Fact]
    public async Task What_an_issue_says_is_asked_from_the_forge_and_not_taken_from_the_delivery()
    {
        var delivery = GitHubDelivery.Labeled("acme", 11, label: "AiCd", title: "As it was when the delivery was made");
        var id = Guid.NewGuid().ToString();
        _server.Issues.Set("acme/shop", 12, "As it is now");

        await GitHubDelivery.PostAsync(_server, "issues", delivery.ToJsonString(), id);

        var job = (await GitHubDelivery.OutcomeAsync(_server, id)).Split(' ')[^1];
        (await _server.UntilAsync(job, _ => true)).Submission.Title.ShouldBe("As it is now");
    }

    [Theory]
    [InlineData("pull_request", "closed", "pull_request", """{"number":5}""")]
    [InlineData("pull_request_review", "submitted", "pull_request", """{"number":5}""")]
    [InlineData("pull_request_review_comment", "created", "pull_request", """{"number":5}""")]
    [InlineData("check_suite", "completed", "check_suite", """{"pull_requests":[{"number":5}]}""")]
    [InlineData("check_run", "completed", "check_run", """{"pull_requests":[{"number":5}],"name":"ci"}""")]
    public async Task What_happens_to_a_pull_request_is_looked_after_whoever_did_it(string name, string action, string part, string told)
    {
        _server.Issues.PullRequestOf = JobId.Parse(await _server.Acme.SubmitAsync("Any"));

        var id = await GitHubDelivery.SendAsync(_server, name, GitHubDelivery.PullRequest("acme", action, part, JsonNode.Parse(told)!, 11));

        (await GitHubDelivery.OutcomeAsync(_server, id)).ShouldBe($"looked after: {_server.Issues.PullRequestOf}");
        _server.Issues.PullRequestsLookedAt.ShouldBe([5]);
    }

    [Fact]
    public async Task What_AiCd_wrote_itself_is_no_command_whoever_holds_its_token() =>
        (await SayAsync("<!-- aicd:status job=x seq=1 -->\n/aicd run")).ShouldBe("ignored: bots steer nothing");

    [Theory]
    [InlineData("bob", "User", "refused: bob may not write", "refused: the sender has no write permission")]
    [InlineData("ann", "Bot", "ignored: bots steer nothing", "ignored: bots steer nothing")]
    [InlineData("ann[bot]", "User", "ignored: bots steer nothing", "ignored: bots steer nothing")]
    public async Task Who_may_not_write_and_bots_make_and_steer_nothing(string login, string type, string labeled, string commented)
    {
        var label = await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Labeled("acme", 11, login, type: type));
        var comment = await GitHubDelivery.SendAsync(_server, "issue_comment", GitHubDelivery.Comment("acme", "/aicd run", 11, login, type));

        (await GitHubDelivery.OutcomeAsync(_server, label)).ShouldBe(labeled);
        (await GitHubDelivery.OutcomeAsync(_server, comment)).ShouldBe(commented);
        (await _server.Acme.AskAsync("/api/v1/jobs")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Comments_steer_a_job_from_plan_to_retry()
    {
        var id = (await SayAsync("Please\n/aicd plan")).Split(' ')[^1];
        await _server.UntilAsync(id, job => job.ProposedPlan is not null);
        (await SayAsync("/aicd reject Smaller, please")).ShouldBe($"applied: {id}");
        (await _server.UntilAsync(id, job => job.ProposedPlan is not null)).Feedback.ShouldHaveSingleItem().ShouldBe(new Feedback(0, "Smaller, please", "github:ann"));
        (await SayAsync("/aicd approve")).ShouldBe($"applied: {id}");
        await _server.UntilAsync(id, JobState.Completed);
        (await SayAsync("/aicd cancel")).ShouldStartWith("refused: Invalid event");
        (await SayAsync("/aicd retry")).ShouldStartWith("refused: Only a job that failed");
        (await SayAsync("/aicd status")).ShouldBe("noted: somebody asks how it stands");
        (await SayAsync("> /aicd cancel\n```\n/aicd cancel\n```\n  /aicd cancel\n/aicdcancel")).ShouldBe("noted: nothing is asked for");
    }

    [Fact]
    public async Task A_rejection_that_was_carried_out_before_the_node_died_is_not_carried_out_again_on_the_plan_that_comes_next()
    {
        var id = (await SayAsync("/aicd plan")).Split(' ')[^1];
        await _server.UntilAsync(id, job => job.ProposedPlan is not null);
        var comment = GitHubDelivery.Comment("acme", "/aicd reject Smaller, please", 11);

        (await ApplyAndDieAsync(comment)).ShouldBe($"applied: {id}");
        await _server.UntilAsync(id, job => job.ProposedPlan is not null && job.Feedback.Count == 1);

        var delivery = await GitHubDelivery.SendAsync(_server, "issue_comment", comment);
        (await GitHubDelivery.OutcomeAsync(_server, delivery)).ShouldBe($"done already: {id}");
        (await _server.Admin.TellAsync($"/api/v1/deliveries/{delivery}/redeliver")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await GitHubDelivery.OutcomeAsync(_server, delivery)).ShouldBe($"done already: {id}");
        var job = await _server.UntilAsync(id, _ => true);
        (job.Feedback.Count, job.ProposedPlan is not null).ShouldBe((1, true));
    }

    [Fact]
    public async Task Approvals_and_cancellations_that_a_crash_hid_do_not_reach_the_job_that_comes_next()
    {
        var first = (await SayAsync("/aicd plan")).Split(' ')[^1];
        await _server.UntilAsync(first, job => job.ProposedPlan is not null);
        var approval = GitHubDelivery.Comment("acme", "/aicd approve", 11);
        (await ApplyAndDieAsync(approval)).ShouldBe($"applied: {first}");
        await _server.UntilAsync(first, JobState.Completed);
        var second = (await SayAsync("/aicd plan")).Split(' ')[^1];
        await _server.UntilAsync(second, job => job.ProposedPlan is not null);
        (await OutcomeAsync(approval)).ShouldBe($"done already: {first}");

        var cancellation = GitHubDelivery.Comment("acme", "/aicd cancel", 11);
        (await ApplyAndDieAsync(cancellation)).ShouldBe($"applied: {second}");
        await _server.UntilAsync(second, JobState.Cancelled);
        var third = (await SayAsync("/aicd retry")).Split(' ')[^1];
        (await OutcomeAsync(cancellation)).ShouldBe($"done already: {second}");
        (await _server.UntilAsync(third, _ => true)).State.ShouldBe(JobState.Planning);
    }

    [Theory]
    [InlineData("/aicd approve")]
    [InlineData("/aicd reject Smaller, please")]
    public async Task What_was_said_before_the_plan_was_there_is_not_said_of_it(string text)
    {
        var id = (await SayAsync("/aicd plan")).Split(' ')[^1];
        var proposed = (await _server.UntilAsync(id, job => job.ProposedPlan is not null)).ProposedAt!.Value;

        (await OutcomeAsync(GitHubDelivery.Comment("acme", text, 11, at: proposed.AddMinutes(-1)))).ShouldBe("refused: The plan that waits was made after that was said");
        (await OutcomeAsync(GitHubDelivery.Comment("acme", text, 11, at: proposed))).ShouldBe($"applied: {id}");
    }

    [Fact]
    public async Task A_comment_that_several_nodes_carry_out_at_once_is_carried_out_once()
    {
        var id = (await SayAsync("/aicd plan")).Split(' ')[^1];
        await _server.UntilAsync(id, job => job.ProposedPlan is not null);
        var comment = GitHubDelivery.Comment("acme", "/aicd reject Smaller, please", 11);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => ApplyAndDieAsync(comment))));

        outcomes.Count(outcome => outcome == $"applied: {id}").ShouldBe(1);
        (await _server.UntilAsync(id, job => job.ProposedPlan is not null && job.Feedback.Count > 0)).Feedback.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_issue_that_is_rewritten_voids_the_plan_that_waits_and_one_that_is_closed_cancels_the_job()
    {
        var id = (await SayAsync("/aicd plan")).Split(' ')[^1];
        await _server.UntilAsync(id, job => job.ProposedPlan is not null);

        var edited = await GitHubDelivery.SendAsync(_server, "issues", GitHubDelivery.Edited("acme", "Fix the till at once", 11));
        (await GitHubDelivery.OutcomeAsync(_server, edited)).ShouldBe($"looked after: {id}");
        (await _server.UntilAsync(id, job => job.Submission.Title == "Fix the till at once" && job.ProposedPlan is not null)).Entry.Started.ShouldBe(2);

        var closed = GitHubDelivery.Edited("acme", "Fix the till at once", 11);
        closed["action"] = "closed";
        (await GitHubDelivery.OutcomeAsync(_server, await GitHubDelivery.SendAsync(_server, "issues", closed))).ShouldBe($"looked after: {id}");
        await _server.UntilAsync(id, JobState.Cancelled);
    }

    [Fact]
    public async Task A_retry_that_makes_no_job_says_which_one_is_there_and_why()
    {
        await using var server = await WebServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AiCd:GitHub:WebhookSecret"] = GitHubDelivery.Secret,
            ["AiCd:OneJobPerBranch:0"] = "*",
        });
        var first = (await SayAsync("/aicd plan")).Split(' ')[^1];
        await SayAsync("/aicd cancel");
        var other = (await SayAsync("/aicd plan", issue: 13)).Split(' ')[^1];
        (await SayAsync("/aicd retry")).ShouldBe($"refused: job {other} is at work on the same base branch, where one may be at a time");

        await SayAsync("/aicd cancel", issue: 13);
        var retry = GitHubDelivery.Comment("acme", "/aicd retry", 11);
        var second = (await TellAsync(retry)).Split(' ')[^1];
        (await server.UntilAsync(second, _ => true)).Submission.Parent!.Job.Value.ShouldBe(first);
        await SayAsync("/aicd cancel");
        (await TellAsync(retry)).ShouldBe($"done already: {second}");

        Task<string> SayAsync(string text, int issue = 12)
        {
            var comment = GitHubDelivery.Comment("acme", text, 11);
            comment["issue"]!["number"] = issue;
            return TellAsync(comment);
        }

        async Task<string> TellAsync(JsonObject comment) =>
            await GitHubDelivery.OutcomeAsync(server, await GitHubDelivery.SendAsync(server, "issue_comment", comment));
    }

    [Theory]
    [InlineData("star", "ignored: the event is not known")]
    [InlineData("check_run", "noted: nothing is asked for")]
    [InlineData("installation", "noted: nothing is asked for")]
    public async Task Other_events_are_kept_and_ignored(string name, string outcome) =>
        (await GitHubDelivery.OutcomeAsync(_server, await GitHubDelivery.SendAsync(_server, name, GitHubDelivery.Labeled("acme", 11)))).ShouldBe(outcome);

    [Theory]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"action":"labeled","label":{"name":"aicd"},"issue":"none","repository":[],"sender":{"login":7}}""")]
    [InlineData("""{"action":"labeled","label":{"name":"aicd"},"issue":{"number":1e99,"title":"\ud800"},"sender":{"login":"ann"}}""")]
    public async Task A_signed_body_that_makes_no_sense_is_kept_and_ignored(string body)
    {
        var id = Guid.NewGuid().ToString();
        (await GitHubDelivery.PostAsync(_server, "issues", body, id)).ShouldBe(HttpStatusCode.Accepted);

        (await GitHubDelivery.OutcomeAsync(_server, id)).ShouldStartWith(body.Contains("ann", StringComparison.Ordinal) || body.Contains("none", StringComparison.Ordinal) ? "" : "ignored");
        _server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_received_and_not_applied_when_a_node_died_is_applied_by_the_next()
    {
        var id = Guid.NewGuid().ToString();
        var delivery = GitHubDelivery.Labeled("acme", 11);
        var body = Encoding.UTF8.GetBytes(delivery.ToJsonString());
        _server.Issues.Show(delivery);
        var token = TestContext.Current.CancellationToken;

        await _server.WebStore.ReceiveAsync(new Delivery(id, "issues", body, DateTimeOffset.UnixEpoch), token);

        (await GitHubDelivery.OutcomeAsync(_server, id)).ShouldStartWith("submitted: ");
        (await _server.WebStore.ReceiveAsync(new Delivery(id, "issues", body, DateTimeOffset.UnixEpoch), token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Deliveries_are_listed_page_by_page_shown_and_applied_again_by_the_api()
    {
        var ids = new HashSet<string>();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            var id = Guid.NewGuid().ToString();
            await _server.WebStore.ReceiveAsync(new Delivery(id, "star", "{}"u8.ToArray(), DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
            ids.Add(id);
        }

        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var (_, page) = await _server.Admin.AskAsync($"/api/v1/deliveries?limit=2{cursor}");
            seen.AddRange(page!["items"]!.AsArray().Select(item => (string)item!["id"]!));
            cursor = page["next"] is { } next ? $"&cursor={(string)next!}" : null;
        }

        seen.Count.ShouldBe(5);
        ids.SetEquals(seen).ShouldBeTrue();
        (await _server.Admin.AskAsync($"/api/v1/deliveries?cursor={Guid.NewGuid()}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-cursor", "cursor");

        var first = seen[0];
        var before = await GitHubDelivery.OutcomeAsync(_server, first);
        var (_, shown) = await _server.Admin.AskAsync($"/api/v1/deliveries/{first}");
        ((string)shown!["body"]!).ShouldBe("{}");
        ((string)shown["details"]!["outcome"]!).ShouldBe(before);
        var (status, again) = await _server.Admin.TellAsync($"/api/v1/deliveries/{first}/redeliver");
        status.ShouldBe(HttpStatusCode.Accepted);
        again!["appliedAt"].ShouldBeNull();
        (await GitHubDelivery.OutcomeAsync(_server, first)).ShouldBe(before);
        var (_, audit) = await _server.Admin.AskAsync("/api/v1/audit?limit=1");
        ((string)audit!["items"]![0]!["what"]!).ShouldBe("delivery.redeliver");
        ((string)audit["items"]![0]!["target"]!).ShouldBe(first);
        (await _server.Admin.TellAsync($"/api/v1/deliveries/{Guid.NewGuid()}/redeliver")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await _server.Acme.AskAsync($"/api/v1/deliveries/{first}")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    private Task<string> SayAsync(string text) => OutcomeAsync(GitHubDelivery.Comment("acme", text, 11));

    private async Task<string> OutcomeAsync(JsonObject comment) =>
        await GitHubDelivery.OutcomeAsync(_server, await GitHubDelivery.SendAsync(_server, "issue_comment", comment));

    /// <summary>Does what a node does that is gone right before it puts on record that the delivery was applied.</summary>
    private Task<string> ApplyAndDieAsync(JsonObject comment) => _server.Services.GetRequiredService<DeliveryHandler>().ApplyAsync(
        new Delivery(Guid.NewGuid().ToString(), "issue_comment", Encoding.UTF8.GetBytes(comment.ToJsonString()), DateTimeOffset.UnixEpoch),
        TestContext.Current.CancellationToken);
}
