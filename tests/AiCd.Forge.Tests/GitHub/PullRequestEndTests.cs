using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub.Triggers;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>Jobs that wait for what becomes of their pull requests.</summary>
public sealed class PullRequestEndTests : GitHubFixture
{
    /// <summary>A job of an issue, with its pull request open.</summary>
    private async Task<(FakeIssue Issue, FakePull Pull, JobId Job)> WaitingAsync(EngineNode engine, DateTimeOffset? at = null)
    {
        var issue = GitHub.AddIssue(Repository, "Wanted", "Please", Person);
        GitHub.Label(issue, "aicd", Person);
        var made = await App().Get<IIssueTriggers>().TriggerAsync(engine.Gateway, Of(issue.Number), Cancel);
        var job = await JobSteps.OpenAsync(engine, Repository, made.Job!.Value, waits: true, at);
        job.State.ShouldBe(JobState.PrOpen);
        return (issue, Repository.Pulls[^1], job.Id);
    }

    private static IssueTrigger Of(int number) => new("default", "acme/app", number);

    private async Task HearAsync(EngineNode engine, string what, FakeIssue issue, FakePull pull)
    {
        var node = App();
        await (what switch
        {
            "issue" => node.Get<IIssueTriggers>().RecheckAsync(engine.Gateway, Of(issue.Number), Cancel),
            "pull request" => node.Get<IIssueTriggers>().PullRequestChangedAsync(engine.Gateway, Of(pull.Number), Cancel),
            _ => LookAsync(),
        });

        async Task LookAsync()
        {
            await engine.ReadModelsCaughtUpAsync(Cancel);
            await node.Get<IssuePoll>().RunAsync(engine.Gateway, Cancel);
        }
    }

    [Theory]
    [InlineData("issue", "pull request")]
    [InlineData("pull request", "issue")]
    [InlineData("look", "issue")]
    public async Task A_merge_closes_the_issue_and_completes_the_job_whichever_of_the_two_is_heard_of_first(string first, string then)
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        var (issue, pull, job) = await WaitingAsync(engine);

        GitHub.Merge(Repository, pull);
        issue.State.ShouldBe("closed");
        foreach (var what in new[] { first, then })
        {
            await HearAsync(engine, what, issue, pull);
            (await engine.Gateway.FindAsync(job, Cancel))!.State.ShouldBe(JobState.Completed, what);
        }
    }

    [Theory]
    [InlineData("issue", "open", "The issue was closed")]
    [InlineData("look", "open", "The issue was closed")]
    [InlineData("issue", "closed", "The pull request was closed without being merged")]
    public async Task An_issue_that_is_closed_cancels_its_job_where_the_pull_request_is_not_merged(string heard, string state, string why)
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        var (issue, pull, job) = await WaitingAsync(engine);

        (issue.State, pull.State) = ("closed", state);
        await HearAsync(engine, heard, issue, pull);

        var events = await Store.Queries.EventsAsync("default", job, 0, 100, Cancel);
        events.Select(row => JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt)).OfType<JobEvent.MarkCancelled>().ShouldHaveSingleItem().Reason.ShouldBe(why);
    }

    [Fact]
    public async Task A_job_waits_for_its_pull_request_however_long_and_what_was_completed_long_ago_is_left_alone()
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        var longAgo = TimeProvider.System.GetUtcNow().AddDays(-20);
        var (issue, pull, waiting) = await WaitingAsync(engine, longAgo);
        var (_, done, completed) = await WaitingAsync(engine, longAgo);
        await engine.Gateway.SendAsync(completed, new JobCommand.Complete { At = longAgo }, cancellationToken: Cancel);
        done.Reviews.Add(new FakeReview(7, Person, "CHANGES_REQUESTED", "Not like this", JobSteps.Head, []));

        // The issue tells nothing of it: only what reaches the default branch closes one.
        Repository.DefaultBranch = "trunk";
        GitHub.Merge(Repository, pull);
        await HearAsync(engine, "look", issue, pull);

        issue.State.ShouldBe("open");
        (await engine.Gateway.FindAsync(waiting, Cancel))!.State.ShouldBe(JobState.Completed);
        GitHub.Count("GET repos/{o}/{r}/pulls/{n}").ShouldBe(1, "the other one was completed long ago");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Jobs_are_listed_to_the_last_one_however_many_pages_they_fill(int pageSize)
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        var made = new List<JobId>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await engine.Gateway.SubmitAsync(new NewJob("default", "/r", "main", $"Job {i}", "", "mock", NotBefore: DateTimeOffset.MaxValue), Cancel)).Job);
        }

        await engine.ReadModelsCaughtUpAsync(Cancel);

        var listed = new List<JobId>();
        await foreach (var view in Store.Jobs.ListAllAsync("default", JobState.Queued, pageSize, Cancel))
        {
            listed.Add(view.Id);
        }

        listed.ShouldBe(made.OrderDescending());
    }

    [Fact]
    public async Task A_pull_request_is_watched_only_for_a_tenant_that_is_looked_after()
    {
        var (draft, _) = await App().CommitAsync(Repository, NewJob());
        var others = draft with { Tenant = "acme" };

        (App().Forge.Watches(draft), App().Forge.Watches(others)).ShouldBe((true, true), "an installation decides");
        (WithToken().Forge.Watches(draft), WithToken().Forge.Watches(others)).ShouldBe((true, false), "a token serves one tenant");
        (WithToken(Person, ("WebhookSecret", "s"), ("Poll", "false")).Forge.Watches(others), WithToken(Person, ("Poll", "false")).Forge.Watches(draft)).ShouldBe((false, false));
    }
}
