using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

/// <summary>What operators and forges change of a job that is under way, and what that does to an approval.</summary>
public sealed class JobChangesTests
{
    [Fact]
    public void A_priority_is_changed_once_and_only_while_the_job_is_unfinished()
    {
        var story = JobStory.Coding();

        story.When(Do.Prioritize(9)).ShouldHaveSingleItem().ShouldBe(new JobEvent.PriorityChanged(9, "ann") { At = Do.Prioritize().At });

        story.Job.Priority.ShouldBe(9);
        story.Job.Submission.Priority.ShouldBe(0);
        story.WhenRefused(Do.Prioritize(9)).Code.ShouldBe(RefusalCodes.AlreadyDone);
        JobStory.Completed().WhenRefused(Do.Prioritize(9)).Code.ShouldBe(RefusalCodes.InvalidEvent);
    }

    [Fact]
    public void A_job_begins_with_the_priority_that_it_was_submitted_with()
    {
        var submit = Do.Submit();

        JobStory.Given(submit with { Submission = submit.Submission with { Priority = 4 } }).Job.Priority.ShouldBe(4);
    }

    [Fact]
    public void A_plan_made_for_another_text_of_the_issue_is_void()
    {
        var story = JobStory.Proposed();

        story.Then(Do.EditIssue());

        story.Job.ProposedPlan.ShouldBeNull();
        story.Job.Submission.Title.ShouldBe("Greet all");
        story.Job.Submission.Body.Sha256.ShouldBe("f00d");
        OwedWork.Of(story.Job)!.Value.Stage.ShouldBe(Stage.Planning);
        story.WhenRefused(Do.ApprovePlan()).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.WhenRefused(Do.EditIssue()).Code.ShouldBe(RefusalCodes.AlreadyDone);
    }

    [Fact]
    public void An_approval_is_bound_to_the_plan_the_base_commit_and_the_text_that_were_read()
    {
        var story = JobStory.Planning(approval: true).Then(Do.PlanDone("p1", baseSha: "base-1"));

        story.WhenRefused(Do.ApprovePlan(baseSha: "base-2", issue: "cafe")).Message.ShouldContain("base commit");
        story.WhenRefused(Do.ApprovePlan(baseSha: "base-1", issue: "f00d")).Message.ShouldContain("text of the issue");
        story.WhenRefused(Do.ApprovePlan("dead", baseSha: "base-1", issue: "cafe")).Message.ShouldContain("another plan");
        story.Then(Do.ApprovePlan(baseSha: "base-1", issue: "cafe"));

        story.Job.Plan!.BaseSha.ShouldBe("base-1");
        story.Job.Plan.IssueSha256.ShouldBe("cafe");
    }

    [Fact]
    public void What_one_comment_asks_for_is_done_once_though_by_then_another_plan_waits()
    {
        var comment = Do.TurnDown() with { Act = "comment 7" };
        var story = JobStory.Proposed().Then(comment, Do.Start(Stage.Planning, "p2"), Do.PlanDone("p2"));

        story.WhenRefused(comment).Code.ShouldBe(RefusalCodes.AlreadyDone);
        story.WhenRefused(Do.ApprovePlan() with { Act = "comment 7" }).Code.ShouldBe(RefusalCodes.AlreadyDone);

        story.Job.ProposedPlan.ShouldNotBeNull();
        story.Job.Acts.ShouldBe(["comment 7"]);
        story.When(Do.TurnDown() with { Act = "comment 8" }).ShouldHaveSingleItem().Act.ShouldBe("comment 8");
        story.When(Do.Cancel()).ShouldHaveSingleItem().Act.ShouldBeNull();
    }

    [Fact]
    public void The_time_of_the_attempts_that_brought_the_job_forward_is_kept_by_stage()
    {
        var story = JobStory.Completed();

        story.Job.Times.ShouldBe(new StageTimes(1_000, 3_000, 4_000, 7_000));
        story.Job.EndedAt.ShouldBe(story.Job.UpdatedAt);
        story.Then(Do.Use());
        story.Job.EndedAt.ShouldNotBe(story.Job.UpdatedAt);
    }
}
