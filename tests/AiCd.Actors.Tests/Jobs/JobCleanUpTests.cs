using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

/// <summary>A cancelled job closes what it opened.</summary>
public sealed class JobCleanUpTests
{
    [Fact]
    public void A_job_cancelled_after_its_intent_to_open_a_pull_request_owes_to_close_it_when_that_can_be_seen()
    {
        var story = Cancelled();

        story.Job.IsActive.ShouldBeTrue();
        OwedWork.Of(story.Job).ShouldBe(new OwedWork(Stage.PrOpen, Do.Cancel().At + CleanUp.Delay, null));
        story.When(Do.Start(Stage.PrOpen, "z1")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.AttemptStarted>();
        story.When(Do.EffectDone("z1", Effects.ClosePullRequest));

        story.Job.State.ShouldBe(JobState.Cancelled);
        story.Job.IsActive.ShouldBeFalse();
        story.Job.Effects.ShouldContain(new Effect(Effects.ClosePullRequest, story.Job.Submission.Branch, "pushed"));
    }

    [Fact]
    public void A_job_cancelled_before_it_meant_to_open_one_owes_nothing() =>
        JobStory.PrOpen().Then(Do.Intend("o1"), Do.Cancel()).Job.IsActive.ShouldBeFalse();

    [Fact]
    public void Only_that_it_was_closed_ends_the_clean_up()
    {
        var story = Cancelled().Then(Do.Start(Stage.PrOpen, "z1"));

        story.WhenRefused(Do.EffectDone("z1", Effects.PullRequest)).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.WhenRefused(Do.EffectDone("o1", Effects.ClosePullRequest)).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.PullRequestOpened("o1")).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.WhenRefused(Do.Turn("z1", "call-1")).Code.ShouldBe(RefusalCodes.InvalidEvent);
        story.Job.IsActive.ShouldBeTrue();
    }

    [Fact]
    public void Closing_is_tried_as_often_as_any_stage_and_then_given_up_on_record()
    {
        var story = Cancelled();
        for (var attempt = 1; attempt <= Do.MaxAttempts; attempt++)
        {
            story.Then(Do.Start(Stage.PrOpen, $"z{attempt}"), Do.Fail($"z{attempt}"));
        }

        story.Job.State.ShouldBe(JobState.Cancelled);
        story.Job.Failure.ShouldBeNull();
        story.Job.IsActive.ShouldBeFalse();
        story.Job.Effects[^1].Outcome.ShouldNotBeNull().ShouldStartWith("given up: ");
    }

    [Fact]
    public void An_attempt_to_close_that_a_lost_node_cut_short_is_owed_again()
    {
        var story = Cancelled().Then(Do.Start(Stage.PrOpen, "z1"));

        story.WhenRefused(Do.Start(Stage.PrOpen, "z2")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.When(Do.Start(Stage.PrOpen, "z2", gone: "z1")).Count.ShouldBe(2);
        story.WhenRefused(Do.EffectDone("z1", Effects.ClosePullRequest)).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }

    private static JobStory Cancelled() => JobStory.PrOpen().Then(
        Do.Intend("o1"), Do.EffectDone("o1"), Do.Intend("o1", Effects.PullRequest), Do.Cancel());
}
