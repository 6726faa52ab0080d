using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobEndTests
{
    public static TheoryData<JobState> Open => [JobState.Queued, JobState.Planning, JobState.Coding, JobState.Reviewing, JobState.PrOpen];

    public static TheoryData<JobState> Ended => [JobState.Completed, JobState.Failed, JobState.Cancelled];

    [Theory]
    [MemberData(nameof(Open))]
    public void A_job_that_has_not_ended_can_be_cancelled(JobState state)
    {
        var story = JobStory.In(state);

        story.When(Do.Cancel()).ShouldBe([new JobEvent.MarkCancelled("No longer wanted", "ann") { At = Do.Cancel().At }]);

        story.Job.State.ShouldBe(JobState.Cancelled);
        story.Job.Entry.ShouldBe(StageEntry.Fresh);
        OwedWork.Of(story.Job).ShouldBeNull();
    }

    [Fact]
    public void A_job_that_waits_for_its_pull_request_keeps_it_when_cancelled()
    {
        var story = JobStory.PrOpen().Then(Do.PullRequestOpened("o1", completes: false), Do.Cancel());

        story.Job.PullRequest.ShouldBe(Do.PullRequest());
    }

    [Theory]
    [MemberData(nameof(Ended))]
    public void A_job_that_has_ended_refuses_to_move(JobState state)
    {
        var story = JobStory.In(state);

        story.WhenRefused(Do.Cancel()).Message.ShouldBe($"Invalid event MARK_CANCELLED for current state {WireNames.Of(state)}");
        foreach (var stage in Enum.GetValues<Stage>())
        {
            story.WhenRefused(Do.Start(stage, "x")).Code.ShouldBe(RefusalCodes.InvalidEvent);
        }

        story.WhenRefused(Do.CodeDone("c1")).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.WhenRefused(Do.Fail("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Interrupt("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Hold("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Raise()).Code.ShouldBe(RefusalCodes.AlreadyDone);
        story.WhenRefused(Do.Submit()).Code.ShouldBe(RefusalCodes.AlreadyDone);
    }

    [Theory]
    [MemberData(nameof(Ended))]
    public void Feedback_comes_too_late_after_the_end(JobState state) =>
        JobStory.In(state).WhenRefused(Do.Say()).ShouldBe(
            new Refusal(RefusalCodes.InvalidEvent, $"Job {JobStory.Id} has ended in {WireNames.Of(state)}", state));

    [Theory]
    [MemberData(nameof(Ended))]
    public void Usage_is_settled_even_after_the_end(JobState state)
    {
        var story = JobStory.In(state).Then(Do.Use(), Do.Use(90));

        story.Job.State.ShouldBe(state);
        story.Job.Usage.ShouldBe(new Usage(100, 4, 6, 8, 10));
    }

    [Theory]
    [MemberData(nameof(Open))]
    public void Feedback_is_heard_in_every_state_before(JobState state) =>
        JobStory.In(state).Then(Do.Say("Hm")).Job.Feedback.ShouldHaveSingleItem().ShouldBe(new Feedback(0, "Hm", "bob"));

    [Fact]
    public void Feedback_is_refused_once_the_pull_request_is_open_and_says_where_it_is_heard() =>
        JobStory.PrOpen().Then(Do.PullRequestOpened("o1", completes: false)).WhenRefused(Do.Say()).ShouldBe(new Refusal(
            RefusalCodes.InvalidEvent,
            $"Nobody works on job {JobStory.Id} any more: its pull request 7 is open. Review the pull request, or fork the job",
            JobState.PrOpen));
}
