using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>What is said of a pull request is answered by a job of its own, within what the tenant may have.</summary>
public sealed class FollowUpTests : GitHubFixture
{
    private const string Words = "Not like this";

    private readonly Administration _administration = [];

    private IIssueTriggers Triggers => Node(
        GitHubNode.AsApp(GitHub), services => services.AddSingleton<IInstallationTenants>(_administration).AddSingleton<ITenantRules>(_administration)).Get<IIssueTriggers>();

    private static IssueTrigger Of(int number) => new("default", "acme/app", number);

    private FakeIssue LabelledIssue()
    {
        var issue = GitHub.AddIssue(Repository, "Wanted", "Please", Person);
        GitHub.Label(issue, "aicd", Person);
        return issue;
    }

    private async Task<JobId> MakeAsync(EngineNode engine, FakeIssue issue) => (await Triggers.TriggerAsync(engine.Gateway, Of(issue.Number), Cancel)).Job!.Value;

    private static Task<Job> OpenAsync(EngineNode engine, FakeRepository repository, JobId job) => JobSteps.OpenAsync(engine, repository, job, waits: true);

    private Task<JobId?> LookAsync(EngineNode engine, FakePull pull) => Triggers.PullRequestChangedAsync(engine.Gateway, Of(pull.Number), Cancel);

    private static void Object(FakePull pull, long review = 7) => pull.Reviews.Add(new FakeReview(review, Person, "CHANGES_REQUESTED", Words, JobSteps.Head, []));

    private static async Task<bool> HasHeardAsync(EngineNode engine, JobId job) =>
        (await engine.Gateway.FindAsync(job, Cancel))!.Feedback.Any(said => said.Text.Contains(Words, StringComparison.Ordinal));

    private Task<JobId?> AnswerAsync(FakePull pull, string to) =>
        Store.Journal.FindClaimAsync("default", ClaimKinds.Idempotency, $"{GitHub.WebUrl}acme/app/pull/{pull.Number} {to}", Cancel);

    [Theory]
    [InlineData("review 7")]
    [InlineData("checks " + JobSteps.Head)]
    public async Task What_a_tenant_may_not_have_answered_now_is_answered_once_it_may(string what)
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        var first = await OpenAsync(engine, Repository, await MakeAsync(engine, LabelledIssue()));
        var pull = Repository.Pulls[^1];
        Repository.Checks.Add(new FakeCheck { Id = 99, Sha = JobSteps.Head, Name = "ci", Conclusion = what == "review 7" ? "success" : "failure", Summary = "1 test ran" });
        if (what == "review 7")
        {
            Object(pull);
        }

        _administration.Objection = "the tenant is suspended, or there is no such tenant";
        await LookAsync(engine, pull);
        (await engine.Gateway.FindAsync(first.Id, Cancel))!.State.ShouldBe(JobState.PrOpen);
        (await AnswerAsync(pull, what)).ShouldBeNull();
        _administration.Asked.ShouldBe(("default", first.Submission.Repository, true));

        _administration.Objection = null;
        await LookAsync(engine, pull);
        (await engine.Gateway.FindAsync(first.Id, Cancel))!.State.ShouldBe(JobState.Completed);
        var answer = (await engine.Gateway.FindAsync((await AnswerAsync(pull, what)).ShouldNotBeNull(), Cancel))!;
        (answer.Submission.Parent!.Job, answer.Submission.Branch).ShouldBe((first.Id, first.Submission.Branch));
    }

    [Fact]
    public async Task A_job_that_answers_already_hears_of_the_next_review_once_though_the_tenant_may_have_no_more_jobs()
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        await OpenAsync(engine, Repository, await MakeAsync(engine, LabelledIssue()));
        var pull = Repository.Pulls[^1];
        pull.Reviews.Add(new FakeReview(6, Person, "CHANGES_REQUESTED", "Hm", JobSteps.Head, []));
        await LookAsync(engine, pull);
        var answer = (await AnswerAsync(pull, "review 6")).ShouldNotBeNull();
        (await HasHeardAsync(engine, answer)).ShouldBeFalse();

        _administration.Objection = "The tenant may have 1 unfinished jobs";
        Object(pull);
        await LookAsync(engine, pull);
        await LookAsync(engine, pull);

        (await engine.Gateway.FindAsync(answer, Cancel))!.Feedback.Count(said => said.Text.Contains(Words, StringComparison.Ordinal)).ShouldBe(1);
        (await AnswerAsync(pull, "review 7")).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_only_has_the_same_base_branch_hears_nothing_and_the_review_is_answered_after_it()
    {
        await using var engine = await JobSteps.EngineAsync(Store, new EngineOptions { OneJobPerBranch = ["*"] });
        var first = await OpenAsync(engine, Repository, await MakeAsync(engine, LabelledIssue()));
        var pull = Repository.Pulls[^1];
        await engine.Gateway.SendAsync(first.Id, new JobCommand.Complete { At = first.UpdatedAt }, cancellationToken: Cancel);
        var other = await MakeAsync(engine, LabelledIssue());

        Object(pull);
        await LookAsync(engine, pull);
        (await HasHeardAsync(engine, other)).ShouldBeFalse();
        (await AnswerAsync(pull, "review 7")).ShouldBeNull();

        await engine.Gateway.SendAsync(other, new JobCommand.Cancel("enough") { At = first.UpdatedAt }, cancellationToken: Cancel);
        await LookAsync(engine, pull);
        (await HasHeardAsync(engine, (await AnswerAsync(pull, "review 7")).ShouldNotBeNull())).ShouldBeTrue();
    }

    [Fact]
    public async Task A_job_that_is_at_work_on_the_same_issue_hears_of_a_review_until_its_own_pull_request_is_open()
    {
        await using var engine = await JobSteps.EngineAsync(Store);
        var issue = LabelledIssue();
        var first = await OpenAsync(engine, Repository, await MakeAsync(engine, issue));
        var pull = Repository.Pulls[^1];
        await engine.Gateway.SendAsync(first.Id, new JobCommand.Complete { At = first.UpdatedAt }, cancellationToken: Cancel);
        GitHub.Label(issue, "aicd", Person, later: TimeSpan.FromMinutes(1));
        var second = await MakeAsync(engine, issue);
        second.ShouldNotBe(first.Id);

        Object(pull);
        await LookAsync(engine, pull);
        (await HasHeardAsync(engine, second)).ShouldBeTrue();

        await OpenAsync(engine, Repository, second);
        var heard = (await engine.Gateway.FindAsync(second, Cancel))!.Seq;
        pull.Reviews.Add(new FakeReview(8, Person, "CHANGES_REQUESTED", "Nor like this", JobSteps.Head, []));
        await LookAsync(engine, pull);
        (await engine.Gateway.FindAsync(second, Cancel))!.Seq.ShouldBe(heard);
    }
}
