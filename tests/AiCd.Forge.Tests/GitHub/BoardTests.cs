using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Forge.GitHub.Board;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

public sealed class BoardTests : GitHubFixture
{
    private FakeIssue _issue = null!;

    private Job NewJobOn(JobState state, int seq, JobId? id = null)
    {
        _issue ??= GitHub.AddIssue(Repository, "Wanted", "Please", Person);
        var job = id ?? NewJob();
        return new Job
        {
            Id = job,
            State = state,
            Seq = seq,
            Submission = new Submission(
                "default", $"{GitHub.WebUrl}acme/app", "main", $"aicd/{job}", "Wanted", new ArtifactRef(ArtifactKinds.Issue, "aa", 1, "text/plain"), "mock",
                Url: $"{GitHub.WebUrl}acme/app/issues/{_issue.Number}"),
        };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_comment_follows_the_job_through_all_its_states(bool asApp)
    {
        var board = (asApp ? App() : WithToken()).Get<IssueBoard>();
        var job = NewJobOn(JobState.Queued, 1);

        foreach (var (state, seq) in new[] { JobState.Queued, JobState.Planning, JobState.Coding, JobState.Reviewing, JobState.PrOpen, JobState.Completed }.Zip(Enumerable.Range(1, 6)))
        {
            await board.ReconcileAsync(job with { State = state, Seq = seq }, Cancel);
        }

        var comment = _issue.Comments.ShouldHaveSingleItem();
        comment.Author.ShouldBe(asApp ? GitHub.App.Login : Person);
        comment.History.Count.ShouldBe(6);
        comment.Body.ShouldContain("is done");
        comment.Body.ShouldContain(job.Id.Value);
    }

    [Fact]
    public async Task A_state_that_looks_the_same_is_not_written_again()
    {
        var board = App().Get<IssueBoard>();
        var job = NewJobOn(JobState.Planning, 2);

        await board.ReconcileAsync(job, Cancel);
        await board.ReconcileAsync(job with { Seq = 3 }, Cancel);

        _issue.Comments.ShouldHaveSingleItem().History.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_comment_that_was_doubled_is_deleted_and_the_oldest_kept()
    {
        var job = NewJobOn(JobState.Planning, 2);
        var trap = new Trap();
        GitHub.Plan(request => request.Method == "POST" && request.Path.EndsWith("/comments", StringComparison.Ordinal), new Fault.Stop(trap, After: false));
        var paused = Task.Run(() => App().Get<IssueBoard>().ReconcileAsync(job, Cancel), Cancel);
        await trap.Sprung.WaitAsync(Cancel);
        var other = App().Get<IssueBoard>();
        await other.ReconcileAsync(job, Cancel);
        var kept = _issue.Comments.ShouldHaveSingleItem();

        trap.Release();
        await paused;

        _issue.Comments.ShouldHaveSingleItem().ShouldBe(kept);
    }

    [Fact]
    public async Task A_comment_made_without_an_answer_is_found()
    {
        GitHub.Plan(request => request.Method == "POST" && request.Path.EndsWith("/comments", StringComparison.Ordinal), new Fault.Cut(After: true));

        await App().Get<IssueBoard>().ReconcileAsync(NewJobOn(JobState.Planning, 2), Cancel);

        _issue.Comments.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_knows_less_than_the_comment_shows_leaves_it_alone()
    {
        var job = NewJobOn(JobState.Reviewing, 9);
        await App().Get<IssueBoard>().ReconcileAsync(job, Cancel);

        await App().Get<IssueBoard>().ReconcileAsync(job with { State = JobState.Planning, Seq = 3 }, Cancel);

        _issue.Comments.ShouldHaveSingleItem().Body.ShouldContain("reviews the change");
    }

    [Fact]
    public async Task A_later_job_of_the_issue_takes_the_comment_over_and_an_earlier_one_does_not()
    {
        var (first, second) = (NewJobOn(JobState.Failed, 9), NewJobOn(JobState.Planning, 2));
        await App().Get<IssueBoard>().ReconcileAsync(first, Cancel);
        await App().Get<IssueBoard>().ReconcileAsync(second, Cancel);
        await App().Get<IssueBoard>().ReconcileAsync(first with { Seq = 10 }, Cancel);

        _issue.Comments.ShouldHaveSingleItem().Body.ShouldContain(second.Id.Value);
    }

    [Fact]
    public async Task A_mark_in_a_strangers_comment_counts_for_nothing()
    {
        var job = NewJobOn(JobState.Planning, 2);
        _issue.Comments.Add(new FakeComment(1, "stranger", IsApp: false, TimeProvider.System.GetUtcNow()) { Body = StatusText.Of(job with { Seq = 1000 }) });

        await App().Get<IssueBoard>().ReconcileAsync(job, Cancel);

        _issue.Comments.Count.ShouldBe(2);
        _issue.Comments[1].Body.ShouldContain("plans");
    }

    [Fact]
    public void Untrusted_text_mentions_nobody_and_holds_no_mark()
    {
        var job = NewJobOn(JobState.Failed, 9) with
        {
            Failure = new JobFailure(Stage.Coding, "bad", "<!-- aicd:status job=x seq=99 -->\n@everyone <img src=x>\n# Heading"),
            Plan = new PlanOutcome("@someone\nsecond line", []),
        };

        var text = StatusText.Of(job);

        StatusText.Read(text)!.Value.Job.ShouldBe(job.Id.Value);
        text.Split("<!--").Length.ShouldBe(2);
        text.ShouldNotContain("@everyone");
        text.ShouldNotContain("<img");
        text.ShouldNotContain("\n# Heading");
    }
}
