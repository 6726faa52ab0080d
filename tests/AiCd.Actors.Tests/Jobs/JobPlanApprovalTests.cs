using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobPlanApprovalTests
{
    [Fact]
    public void A_plan_that_needs_approval_is_proposed_and_waits()
    {
        var story = JobStory.Planning(approval: true);

        story.When(Do.PlanDone("p1")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.PlanProposed>();

        story.Job.State.ShouldBe(JobState.Planning);
        story.Job.ProposedPlan!.Summary.ShouldBe("The plan");
        story.Job.Plan.ShouldBeNull();
        story.Job.Entry.Running.ShouldBeNull();
        OwedWork.Of(story.Job).ShouldBeNull();
        story.WhenRefused(Do.Start(Stage.Planning, "p2")).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.WhenRefused(Do.PlanDone("p1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }

    [Fact]
    public void The_approval_of_exactly_this_plan_leads_to_coding()
    {
        var story = JobStory.Proposed();

        var approved = story.When(Do.ApprovePlan()).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.PlanSucceeded>();

        approved.AttemptId.ShouldBeNull();
        approved.ApprovedBy.ShouldBe("ann");
        story.Job.State.ShouldBe(JobState.Coding);
        story.Job.ProposedPlan.ShouldBeNull();
        story.Job.Plan!.Artifacts.ShouldContain(artifact => artifact.Sha256 == Do.PlanHash);
        story.WhenRefused(Do.ApprovePlan()).Message.ShouldBe("Invalid event PLAN_SUCCEEDED for current state CODING");
    }

    [Fact]
    public void An_approval_by_nobody_in_particular_is_the_operators() =>
        JobStory.Proposed().When(Do.ApprovePlan(by: null)).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.PlanSucceeded>().ApprovedBy.ShouldBe("operator");

    [Theory]
    [InlineData("dead")]
    [InlineData("")]
    [InlineData("cafe")]
    public void An_approval_of_another_plan_is_refused(string hash) =>
        JobStory.Proposed().WhenRefused(Do.ApprovePlan(hash)).Code.ShouldBe(RefusalCodes.StalePlan);

    [Fact]
    public void A_plan_that_is_turned_down_starts_a_new_attempt_with_the_feedback()
    {
        var story = JobStory.Proposed().Then(Do.TurnDown("Smaller"));

        story.Job.State.ShouldBe(JobState.Planning);
        story.Job.ProposedPlan.ShouldBeNull();
        story.Job.Feedback.ShouldBe([new Feedback(0, "Smaller", "ann")]);
        OwedWork.Of(story.Job).ShouldBe(new OwedWork(Stage.Planning, null, null));
        story.When(Do.Start(Stage.Planning, "p2")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.AttemptStarted>();
        story.Then(Do.PlanDone("p2", "feed"));
        story.WhenRefused(Do.ApprovePlan(Do.PlanHash)).Code.ShouldBe(RefusalCodes.StalePlan);
        story.Then(Do.ApprovePlan("feed")).Job.State.ShouldBe(JobState.Coding);
    }

    [Fact]
    public void Without_a_proposed_plan_there_is_nothing_to_approve_or_to_turn_down()
    {
        JobStory.Planning().WhenRefused(Do.ApprovePlan()).Message
            .ShouldBe("Invalid event PLAN_SUCCEEDED for current state PLANNING: no plan waits for approval");
        JobStory.Planning().WhenRefused(Do.TurnDown()).Code.ShouldBe(RefusalCodes.InvalidEvent);
        JobStory.Completed().WhenRefused(Do.TurnDown()).Message.ShouldBe("Invalid event PLAN_FAILED for current state COMPLETED");
    }

    [Fact]
    public void A_job_that_waits_for_approval_can_be_cancelled_and_told_things()
    {
        var story = JobStory.Proposed().Then(Do.Say());
        story.Job.ProposedPlan.ShouldNotBeNull();

        story.Then(Do.Cancel());

        story.Job.State.ShouldBe(JobState.Cancelled);
        story.Job.ProposedPlan.ShouldBeNull();
    }
}
