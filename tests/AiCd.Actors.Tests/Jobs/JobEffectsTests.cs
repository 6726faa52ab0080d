using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobEffectsTests
{
    [Fact]
    public void An_effect_is_intended_and_then_done()
    {
        var story = JobStory.PrOpen().Then(Do.Intend("o1"));
        story.Job.Effects.ShouldBe([new Effect("push", "aicd/job-greet")]);

        story.Then(Do.EffectDone("o1"), Do.Intend("o1", "pull_request"));

        story.Job.Effects.ShouldBe([new Effect("push", "aicd/job-greet", "pushed"), new Effect("pull_request", "aicd/job-greet")]);
    }

    [Fact]
    public void An_effect_is_intended_once_and_done_once()
    {
        var story = JobStory.PrOpen().Then(Do.Intend("o1"));
        story.WhenRefused(Do.Intend("o1")).Code.ShouldBe(RefusalCodes.AlreadyDone);

        story.Then(Do.EffectDone("o1"));

        story.WhenRefused(Do.Intend("o1")).Code.ShouldBe(RefusalCodes.AlreadyDone);
        story.WhenRefused(Do.EffectDone("o1")).Code.ShouldBe(RefusalCodes.AlreadyDone);
        story.WhenRefused(Do.EffectDone("o1", "pull_request")).Code.ShouldBe(RefusalCodes.AlreadyDone);
    }

    [Fact]
    public void A_later_attempt_finishes_what_an_earlier_one_intended()
    {
        var story = JobStory.PrOpen().Then(Do.Intend("o1"), Do.Start(Stage.PrOpen, "o2", gone: "o1"));

        story.WhenRefused(Do.Intend("o2")).Code.ShouldBe(RefusalCodes.AlreadyDone);
        story.Then(Do.EffectDone("o2")).Job.Effects.ShouldHaveSingleItem().Outcome.ShouldBe("pushed");
    }

    [Fact]
    public void A_replaced_attempt_is_told_that_it_is_stale_and_never_that_it_may_go_on()
    {
        var story = JobStory.PrOpen().Then(Do.Intend("o1"), Do.Start(Stage.PrOpen, "o2", gone: "o1"), Do.EffectDone("o2"));

        story.WhenRefused(Do.Intend("o1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.EffectDone("o1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }

    [Fact]
    public void The_attempt_of_a_cancelled_job_may_not_go_on_with_its_effects()
    {
        var story = JobStory.PrOpen().Then(Do.Intend("o1"), Do.Cancel());

        story.WhenRefused(Do.Intend("o1")).Message.ShouldBe("Invalid event PR_OPENED for current state CANCELLED");
        story.WhenRefused(Do.EffectDone("o1")).Code.ShouldBe(RefusalCodes.InvalidEvent);
    }

    [Theory]
    [InlineData(JobState.Queued)]
    [InlineData(JobState.Planning)]
    [InlineData(JobState.Coding)]
    [InlineData(JobState.Reviewing)]
    public void Nothing_leaves_before_the_review_approved_it(JobState state)
    {
        var refusal = JobStory.In(state).WhenRefused(Do.Intend("x"));

        refusal.ShouldBe(new Refusal(RefusalCodes.NoEvidence, "Nothing leaves before its tree was approved", state));
    }
}
