using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobBudgetTests
{
    [Fact]
    public void A_job_whose_budget_is_spent_waits_and_owes_nothing()
    {
        var story = JobStory.Coding();

        story.When(Do.Hold("c1")).ShouldBe([new JobEvent.BudgetExhausted(Stage.Coding, "c1", "10 USD are spent") { At = Do.Hold("c1").At }]);

        story.Job.State.ShouldBe(JobState.Coding);
        story.Job.BudgetHold.ShouldBe("10 USD are spent");
        OwedWork.Of(story.Job).ShouldBeNull();
        story.WhenRefused(Do.Start(Stage.Coding, "c2")).Message
            .ShouldBe("Invalid event START_CODING for current state CODING: the job waits for something else than this stage");
        story.WhenRefused(Do.CodeDone("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }

    [Fact]
    public void A_raised_budget_lets_it_go_on_without_having_cost_an_attempt()
    {
        var story = JobStory.Coding().Then(Do.Hold("c1"));

        story.When(Do.Raise()).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.BudgetRaised>().By.ShouldBe("ann");

        story.Job.BudgetHold.ShouldBeNull();
        OwedWork.Of(story.Job).ShouldBe(new OwedWork(Stage.Coding, null, null));
        story.Then(Do.Start(Stage.Coding, "c2"));
        story.Job.Entry.ShouldBe(new StageEntry(2, 0, 0, new Attempt("c2", 2, Do.Incarnation, Do.T0.AddSeconds(1))));
    }

    [Fact]
    public void A_budget_that_holds_nobody_up_cannot_be_raised() =>
        JobStory.Coding().WhenRefused(Do.Raise()).Code.ShouldBe(RefusalCodes.AlreadyDone);

    [Fact]
    public void A_job_that_waits_for_its_budget_can_be_cancelled()
    {
        var story = JobStory.Coding().Then(Do.Hold("c1"), Do.Cancel());

        story.Job.BudgetHold.ShouldBeNull();
        story.WhenRefused(Do.Raise()).Code.ShouldBe(RefusalCodes.AlreadyDone);
    }

    [Fact]
    public void A_call_that_is_settled_twice_counts_once()
    {
        var story = JobStory.Coding().Then(Do.Use(7, "call"));

        story.WhenRefused(Do.Use(7, "call")).Code.ShouldBe(RefusalCodes.AlreadyDone);

        story.Job.Usage.InputTokens.ShouldBe(7);
    }

    [Fact]
    public void A_turn_is_recorded_together_with_what_it_cost()
    {
        var story = JobStory.Coding();

        story.When(Do.Turn("c1", "call")).Select(e => e.GetType()).ShouldBe([typeof(JobEvent.UsageSettled), typeof(JobEvent.TurnRecorded)]);
        story.When(Do.Turn("c1", "call")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.TurnRecorded>().Number.ShouldBe(2);

        story.Job.Usage.InputTokens.ShouldBe(7);
        story.Job.Entry.Turns.Count.ShouldBe(2);
        story.Job.Entry.TurnsOf.ShouldBe("c1");
        story.WhenRefused(Do.Turn("c0")).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }

    [Fact]
    public void Turns_outlast_an_interruption_and_end_with_their_stage()
    {
        var story = JobStory.Coding().Then(Do.Turn("c1"), Do.Hold("c1"), Do.Raise(), Do.Start(Stage.Coding, "c2"));

        story.Job.Entry.Turns.Count.ShouldBe(1);
        story.Job.Entry.TurnsOf.ShouldBe("c1");
        story.Then(Do.CodeDone("c2"));
        story.Job.Entry.Turns.ShouldBeEmpty();
    }

    [Fact]
    public void Usage_adds_up() =>
        JobStory.Coding().Then(Do.Use(1), Do.Use(2), Do.Use(3)).Job.Usage.InputTokens.ShouldBe(6);
}
