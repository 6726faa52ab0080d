using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub.Triggers;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>Issues and jobs, with a real engine whose stages wait for ever.</summary>
public sealed class TriggerTests : GitHubFixture
{
    private Task<EngineNode> EngineAsync() =>
        EngineNode.StartAsync(Store, NoWork.Instance, new EngineOptions(), recover: false, TimeProvider.System, NullLogger<EngineNode>.Instance, Cancel);

    private FakeIssue LabelledIssue(string by = Person)
    {
        var issue = GitHub.AddIssue(Repository, "Wanted", "Please", Person);
        GitHub.Label(issue, "aicd", by);
        return issue;
    }

    private static IssueTrigger Trigger(FakeIssue issue, string? mark = null, string? by = null) => new("default", "acme/app", issue.Number, by, mark);

    [Fact]
    public async Task A_label_makes_one_job_however_often_it_is_told()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();

        var first = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        var second = await App().Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue), Cancel);

        first.Created.ShouldBeTrue(first.Reason);
        second.ShouldBe(new TriggerResult(first.Job, Created: false, Reason: null));
        var job = (await engine.Gateway.FindAsync(first.Job!.Value, Cancel))!;
        job.Submission.Title.ShouldBe("Wanted");
        job.Submission.Repository.ShouldBe($"{GitHub.WebUrl}acme/app");
        job.Submission.Url.ShouldBe($"{GitHub.WebUrl}acme/app/issues/{issue.Number}");
    }

    [Fact]
    public async Task A_second_mark_joins_the_running_job_and_makes_a_new_one_after_its_end()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();
        var first = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        GitHub.Label(issue, "aicd", Person, later: TimeSpan.FromMinutes(1));

        var joined = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        await engine.Gateway.SendAsync(first.Job!.Value, new JobCommand.Cancel("enough") { At = DateTimeOffset.UnixEpoch }, cancellationToken: Cancel);
        GitHub.Label(issue, "aicd", Person, later: TimeSpan.FromMinutes(2));
        var anew = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);

        joined.Job.ShouldBe(first.Job);
        anew.Created.ShouldBeTrue();
        anew.Job.ShouldNotBe(first.Job);
    }

    [Fact]
    public async Task A_label_that_was_served_under_another_mark_makes_no_second_job()
    {
        await using var engine = await EngineAsync();
        var issue = LabelledIssue();
        var served = await engine.Gateway.SubmitAsync(
            new NewJob("default", $"{GitHub.WebUrl}acme/app", "main", "Wanted", "Please", "mock", Labels: [$"github:acme/app#{issue.Number}"], IdempotencyKey: "github:guid"), Cancel);
        await engine.Gateway.SendAsync(served.Job, new JobCommand.Cancel("enough") { At = TimeProvider.System.GetUtcNow() }, cancellationToken: Cancel);
        await engine.ReadModelsCaughtUpAsync(Cancel);

        var told = await App().Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue), Cancel);

        told.ShouldBe(new TriggerResult(served.Job, Created: false, Reason: null));
    }

    [Fact]
    public async Task A_label_that_joined_a_running_job_makes_none_when_it_is_told_after_the_jobs_end()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();
        var first = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        GitHub.Label(issue, "aicd", Person);
        await engine.Gateway.SendAsync(first.Job!.Value, new JobCommand.Cancel("enough") { At = TimeProvider.System.GetUtcNow() }, cancellationToken: Cancel);
        await engine.ReadModelsCaughtUpAsync(Cancel);

        (await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel)).ShouldBe(new TriggerResult(first.Job, Created: false, Reason: null));
    }

    [Fact]
    public async Task Labels_are_told_apart_as_github_does_not_by_their_capitals()
    {
        await using var engine = await EngineAsync();
        var node = App(("Label", "AiCd"));
        var issue = LabelledIssue();

        node.Get<IIssueTriggers>().IsMark("AICD").ShouldBeTrue();
        (await node.Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue), Cancel)).Created.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_credentials_nobody_may_anything_and_nothing_is_asked()
    {
        await using var engine = await EngineAsync();
        var node = Node([]);
        var issue = LabelledIssue();

        (await node.Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue, "comment 7", Person), Cancel)).Reason.ShouldNotBeNull().ShouldContain("neither an App nor a token");
        (await node.Get<IForgePermissions>().FindAsync("default", "acme/app", Person, Cancel)).ShouldBe(ForgeRole.None);
        GitHub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_job_of_an_issue_and_of_its_pull_request_is_found()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();
        var made = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        var asked = Trigger(issue);

        (await triggers.FindJobAsync(engine.Gateway, asked, Cancel)).ShouldBe(made.Job);
        await engine.Gateway.SendAsync(made.Job!.Value, new JobCommand.Cancel("enough") { At = DateTimeOffset.UnixEpoch }, cancellationToken: Cancel);
        await engine.ReadModelsCaughtUpAsync(Cancel);
        (await triggers.FindJobAsync(engine.Gateway, asked, Cancel)).ShouldBe(made.Job);
        await Should.ThrowAsync<StageException>(() => triggers.FindJobAsync(engine.Gateway, asked with { Tenant = "another" }, Cancel));
        (await triggers.FindJobAsync(engine.Gateway, asked with { Number = 99 }, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task On_a_pull_request_the_job_is_meant_that_went_on_with_its_branch_and_no_other_job_of_the_issue()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();
        var made = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        var opened = await JobSteps.OpenAsync(engine, Repository, made.Job!.Value);
        var asked = Trigger(issue) with { Number = opened.PullRequest!.Number };
        (await FindAsync()).ShouldBe(opened.Id);

        var links = new LinkedJobs(engine.Gateway, Store, new ArtifactReader(Store.Artifacts));
        var linked = await links.ContinueAsync(opened, new Remarks("Asked for changes", "Not like this", Person, "review 7"), TimeProvider.System.GetUtcNow(), Cancel);
        var next = linked.ShouldBeOfType<LinkResult.Linked>().Submit.Job;
        (await FindAsync()).ShouldBe(next);

        await engine.Gateway.SendAsync(next, new JobCommand.Cancel("enough") { At = DateTimeOffset.UnixEpoch }, cancellationToken: Cancel);
        (await FindAsync()).ShouldBe(next);
        GitHub.Label(issue, "aicd", Person, later: TimeSpan.FromMinutes(1));
        (await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel)).Created.ShouldBeTrue();
        (await FindAsync()).ShouldBe(opened.Id);

        async Task<JobId?> FindAsync()
        {
            await engine.ReadModelsCaughtUpAsync(Cancel);
            return await triggers.FindJobAsync(engine.Gateway, asked, Cancel);
        }
    }

    [Theory]
    [InlineData("read")]
    [InlineData("none")]
    public async Task Who_may_not_write_makes_no_job(string role)
    {
        await using var engine = await EngineAsync();
        Repository.Roles["guest"] = role;
        var issue = LabelledIssue(by: "guest");

        var refused = await App().Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue), Cancel);

        refused.Job.ShouldBeNull();
        refused.Reason.ShouldNotBeNull().ShouldContain("guest may not write");
    }

    [Fact]
    public async Task A_comment_marks_an_issue_without_the_label()
    {
        await using var engine = await EngineAsync();
        var issue = GitHub.AddIssue(Repository, "Wanted", "", "stranger");
        var triggers = App().Get<IIssueTriggers>();

        (await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel)).Reason.ShouldNotBeNull().ShouldContain("label");
        var made = await triggers.TriggerAsync(engine.Gateway, Trigger(issue, "comment 7", Person), Cancel);

        made.Created.ShouldBeTrue(made.Reason);
    }

    [Fact]
    public async Task Nobodys_installation_a_closed_issue_and_a_missing_one_make_no_job()
    {
        await using var engine = await EngineAsync();
        var issue = LabelledIssue();
        var triggers = App(("Tenants:0", "1=acme")).Get<IIssueTriggers>();
        (await Should.ThrowAsync<StageException>(() => triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel))).Code.ShouldBe("repository_not_allowed");

        issue.State = "closed";
        (await App().Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue), Cancel)).Reason.ShouldNotBeNull().ShouldContain("closed");
        (await App().Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Trigger(issue) with { Number = 99 }, Cancel)).Reason.ShouldNotBeNull().ShouldContain("no such issue");
    }

    [Fact]
    public async Task A_closed_issue_ends_its_job()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();
        var made = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);

        await triggers.RecheckAsync(engine.Gateway, Trigger(issue), Cancel);
        (await engine.Gateway.FindAsync(made.Job!.Value, Cancel))!.State.IsTerminal().ShouldBeFalse();
        issue.State = "closed";
        await triggers.RecheckAsync(engine.Gateway, Trigger(issue), Cancel);

        (await engine.Gateway.FindAsync(made.Job!.Value, Cancel))!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task An_edited_issue_reaches_its_job_once()
    {
        await using var engine = await EngineAsync();
        var triggers = App().Get<IIssueTriggers>();
        var issue = LabelledIssue();
        var made = await triggers.TriggerAsync(engine.Gateway, Trigger(issue), Cancel);
        GitHub.Edit(issue, Person, body: "Please, but in blue");

        await triggers.RecheckAsync(engine.Gateway, Trigger(issue), Cancel);
        var edited = (await engine.Gateway.FindAsync(made.Job!.Value, Cancel))!;
        await triggers.RecheckAsync(engine.Gateway, Trigger(issue), Cancel);

        edited.Submission.Body.Inline.ShouldBe("Please, but in blue");
        (await engine.Gateway.FindAsync(made.Job!.Value, Cancel))!.Seq.ShouldBe(edited.Seq);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_look_at_github_finds_what_no_webhook_told(bool asApp)
    {
        await using var engine = await EngineAsync();
        var issues = Enumerable.Range(0, 5).Select(_ => LabelledIssue()).ToList();
        LabelledIssue().State = "closed";
        var node = asApp ? App() : WithToken(Person, ("Repositories:0", "acme/app"));

        await node.Get<IssuePoll>().RunAsync(engine.Gateway, Cancel);
        await node.Get<IssuePoll>().RunAsync(engine.Gateway, Cancel);
        await engine.ReadModelsCaughtUpAsync(Cancel);

        var jobs = await Store.Jobs.ListAsync("default", null, null, 100, Cancel);
        jobs.Count.ShouldBe(5);
        issues[0].State = "closed";
        await node.Get<IssuePoll>().RunAsync(engine.Gateway, Cancel);
        await engine.ReadModelsCaughtUpAsync(Cancel);
        (await Store.Jobs.ListAsync("default", JobState.Cancelled, null, 100, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deliveries_that_never_arrived_are_asked_for_once()
    {
        var now = TimeProvider.System.GetUtcNow();
        GitHub.App.Deliveries.Add(new FakeDelivery(1, "arrived", "issues", "labeled", now.AddMinutes(-5), 200, Redelivery: false));
        GitHub.App.Deliveries.Add(new FakeDelivery(2, "missed", "issues", "labeled", now.AddMinutes(-5), 502, Redelivery: false));
        GitHub.App.Deliveries.Add(new FakeDelivery(3, "old", "issues", "labeled", now.AddDays(-9), 502, Redelivery: false));
        GitHub.App.Deliveries.Add(new FakeDelivery(4, "fresh", "issues", "labeled", now, 0, Redelivery: false));
        var missed = App(("WebhookSecret", "s")).Get<MissedDeliveries>();

        (await missed.RedeliverAsync(Cancel)).ShouldBe(1);
        (await missed.RedeliverAsync(Cancel)).ShouldBe(0);

        GitHub.App.Deliveries.Where(delivery => delivery.Redelivery).ShouldHaveSingleItem().Unique.ShouldBe("missed");
    }

    [Fact]
    public async Task Permissions_are_ranked_and_strangers_have_none()
    {
        Repository.Private = true;
        Repository.Roles["boss"] = "admin";
        Repository.Roles["reader"] = "read";
        var permissions = App().Get<IForgePermissions>();

        (await permissions.FindAsync("default", "acme/app", "boss", Cancel)).ShouldBe(ForgeRole.Admin);
        (await permissions.FindAsync("default", "acme/app", Person, Cancel)).ShouldBe(ForgeRole.Write);
        (await permissions.FindAsync("default", $"{GitHub.WebUrl}acme/app", "reader", Cancel)).ShouldBe(ForgeRole.Read);
        (await permissions.FindAsync("default", "acme/app", "stranger", Cancel)).ShouldBe(ForgeRole.None);
        (await permissions.FindAsync("default", "acme/missing", "boss", Cancel)).ShouldBe(ForgeRole.None);
        (await permissions.TenantOfAsync(Installation.Id, Cancel)).ShouldBe("default");
        (await App(("Tenants:0", "1=acme")).Get<IForgePermissions>().TenantOfAsync(Installation.Id, Cancel)).ShouldBeNull();
    }
}
