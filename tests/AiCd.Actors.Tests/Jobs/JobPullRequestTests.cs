using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobPullRequestTests
{
    [Fact]
    public void A_pull_request_that_completes_the_job_does_so_at_once()
    {
        var story = JobStory.PrOpen();

        story.When(Do.PullRequestOpened("o1")).Select(e => e.GetType().Name).ShouldBe(["PrOpened", "MarkCompleted"]);

        story.Job.State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public void A_pull_request_whose_fate_decides_leaves_the_job_waiting()
    {
        var story = JobStory.PrOpen().Then(Do.PullRequestOpened("o1", completes: false));

        story.Job.State.ShouldBe(JobState.PrOpen);
        story.Job.PullRequest.ShouldBe(Do.PullRequest());
        story.Job.Entry.Running.ShouldBeNull();
        OwedWork.Of(story.Job).ShouldBeNull();
        story.WhenRefused(Do.Start(Stage.PrOpen, "o2")).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.When(Do.Complete()).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.MarkCompleted>();
        story.Job.State.ShouldBe(JobState.Completed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void There_is_never_a_second_one(bool completes)
    {
        var story = JobStory.PrOpen().Then(Do.PullRequestOpened("o1", completes));

        story.WhenRefused(Do.PullRequestOpened("o1", number: 8)).ShouldBe(
            new Refusal(RefusalCodes.AlreadyDone, "Pull request 7 is on record", story.Job.State));
    }

    [Theory]
    [InlineData(JobState.Queued, "")]
    [InlineData(JobState.Reviewing, "")]
    [InlineData(JobState.PrOpen, ": no pull request is on record")]
    [InlineData(JobState.Completed, "")]
    [InlineData(JobState.Cancelled, "")]
    public void A_job_without_a_pull_request_that_waits_cannot_be_completed(JobState state, string reason)
    {
        var refusal = JobStory.In(state).WhenRefused(Do.Complete());

        refusal.ShouldBe(new Refusal(RefusalCodes.InvalidEvent, $"Invalid event MARK_COMPLETED for current state {WireNames.Of(state)}{reason}", state));
    }
}
