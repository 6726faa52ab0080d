using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class OwedWorkTests
{
    [Fact]
    public void A_queued_job_owes_planning_at_once() =>
        OwedWork.Of(JobStory.Queued().Job).ShouldBe(new OwedWork(Stage.Planning, null, null));

    [Fact]
    public void A_job_for_later_owes_planning_then()
    {
        var later = Do.T0.AddHours(5);
        var story = JobStory.Given(Do.Submit(notBefore: later));
        OwedWork.Of(story.Job).ShouldBe(new OwedWork(Stage.Planning, later, null));

        story.Then(Do.Start(Stage.Planning, "p1"), Do.Interrupt("p1"));

        OwedWork.Of(story.Job).ShouldBe(new OwedWork(Stage.Planning, null, null));
    }

    [Theory]
    [InlineData(JobState.Planning, Stage.Planning, "p1")]
    [InlineData(JobState.Coding, Stage.Coding, "c1")]
    [InlineData(JobState.Reviewing, Stage.Reviewing, "r1")]
    [InlineData(JobState.PrOpen, Stage.PrOpen, "o1")]
    public void Work_that_is_under_way_is_still_owed(JobState state, Stage stage, string attempt)
    {
        var owed = OwedWork.Of(JobStory.In(state).Job)!.Value;

        owed.ShouldBe(new OwedWork(stage, null, new Attempt(attempt, 1, Do.Incarnation, Do.T0.AddSeconds(1))));
    }

    [Fact]
    public void The_next_stage_is_owed_as_soon_as_one_is_done()
    {
        OwedWork.Of(JobStory.Planning().Then(Do.PlanDone("p1")).Job).ShouldBe(new OwedWork(Stage.Coding, null, null));
        OwedWork.Of(JobStory.Coding().Then(Do.CodeDone("c1")).Job).ShouldBe(new OwedWork(Stage.Reviewing, null, null));
        OwedWork.Of(JobStory.Reviewing().Then(Do.Approve("r1")).Job).ShouldBe(new OwedWork(Stage.PrOpen, null, null));
        OwedWork.Of(JobStory.Reviewing().Then(Do.Reject("r1")).Job).ShouldBe(new OwedWork(Stage.Coding, null, null));
    }

    [Fact]
    public void A_retry_is_owed_at_its_due_time_and_an_interrupted_attempt_at_once()
    {
        OwedWork.Of(JobStory.Coding().Then(Do.Fail("c1")).Job).ShouldBe(new OwedWork(Stage.Coding, Do.T0.AddMinutes(1), null));
        OwedWork.Of(JobStory.Coding().Then(Do.Interrupt("c1")).Job).ShouldBe(new OwedWork(Stage.Coding, null, null));
        OwedWork.Of(JobStory.Coding().Then(Do.Fail("c1"), Do.Start(Stage.Coding, "c2"), Do.Interrupt("c2")).Job)
            .ShouldBe(new OwedWork(Stage.Coding, null, null));
    }

    [Fact]
    public void A_job_that_waits_owes_nothing()
    {
        OwedWork.Of(JobStory.Proposed().Job).ShouldBeNull();
        OwedWork.Of(JobStory.Coding().Then(Do.Hold("c1")).Job).ShouldBeNull();
        OwedWork.Of(JobStory.PrOpen().Then(Do.PullRequestOpened("o1", completes: false)).Job).ShouldBeNull();
    }

    [Theory]
    [InlineData(JobState.Completed)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    public void A_job_that_has_ended_owes_nothing(JobState state)
    {
        OwedWork.Of(JobStory.In(state).Job).ShouldBeNull();
        OwedWork.StageOf(state).ShouldBeNull();
    }
}
