using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs;

public sealed class LinkedJobTests
{
    [Fact]
    public void A_retry_of_a_job_that_failed_while_coding_goes_on_there_with_its_plan()
    {
        var retry = RetryOf(JobStory.Failed());

        retry.Job.State.ShouldBe(JobState.Coding);
        retry.Job.Plan!.Summary.ShouldBe("The plan");
        retry.Job.Entry.ShouldBe(StageEntry.Fresh);
        retry.Job.Failure.ShouldBeNull();
        OwedWork.Of(retry.Job).ShouldBe(new OwedWork(Stage.Coding, null, null));
        retry.Job.Times.ShouldBe(StageTimes.None);
    }

    [Fact]
    public void A_retry_of_a_job_whose_pull_request_failed_goes_on_with_the_approved_commit()
    {
        var retry = RetryOf(JobStory.PrOpen().Then(Do.Intend("o1"), Do.Fail("o1", retry: false)));

        retry.Job.State.ShouldBe(JobState.PrOpen);
        retry.Job.Review!.TreeSha.ShouldBe(Do.Tree);
        retry.Job.Code!.Change.TreeSha.ShouldBe(Do.Tree);
        retry.Job.Effects.ShouldBeEmpty();
        OwedWork.Of(retry.Job)!.Value.Stage.ShouldBe(Stage.PrOpen);
    }

    [Fact]
    public void A_retry_of_a_job_whose_reviews_all_rejected_answers_the_last_of_them_and_has_rounds_of_its_own()
    {
        var story = JobStory.Reviewing().Then(Do.Reject("r1", "One", rounds: 2), Do.Start(Stage.Coding, "c2"), Do.CodeDone("c2", "tree-2"),
            Do.Start(Stage.Reviewing, "r2"), Do.Reject("r2", "Two", rounds: 2));
        story.Job.Failure!.Code.ShouldBe(FailureCodes.ReviewRoundsExhausted);

        var retry = RetryOf(story);

        retry.Job.State.ShouldBe(JobState.Coding);
        retry.Job.RejectedRounds.ShouldBe(2);
        retry.Job.InheritedRounds.ShouldBe(2);
        retry.Job.Feedback.Select(feedback => feedback.Round).ShouldBe([1, 2]);
        retry.Job.Code!.Change.TreeSha.ShouldBe("tree-2");
        retry.Then(Do.Start(Stage.Coding, "c3"), Do.CodeDone("c3", "tree-3"), Do.Start(Stage.Reviewing, "r3"), Do.Reject("r3", rounds: 2));
        retry.Job.State.ShouldBe(JobState.Coding);
    }

    [Fact]
    public void A_fork_of_a_job_whose_plan_waits_for_approval_waits_for_it_too()
    {
        var fork = RetryOf(JobStory.Proposed());

        fork.Job.ProposedPlan!.Summary.ShouldBe("The plan");
        fork.Job.State.ShouldBe(JobState.Planning);
        fork.Then(Do.ApprovePlan());
        fork.Job.State.ShouldBe(JobState.Coding);
    }

    [Fact]
    public void What_was_said_is_inherited_wherever_it_was_said()
    {
        var fork = RetryOf(JobStory.Proposed().Then(Do.TurnDown("Smaller"), Do.Say("Faster")));

        fork.Job.State.ShouldBe(JobState.Queued);
        fork.Job.Feedback.Select(feedback => feedback.Text).ShouldBe(["Smaller", "Faster"]);
    }

    [Fact]
    public void A_fork_at_every_event_of_a_long_history_is_a_job_that_can_go_on()
    {
        var story = JobStory.Proposed().Then(Do.TurnDown(), Do.Start(Stage.Planning, "p2"), Do.PlanDone("p2"), Do.ApprovePlan(), Do.Start(Stage.Coding, "c1"),
            Do.Fail("c1"), Do.Start(Stage.Coding, "c2"), Do.Say(), Do.CodeDone("c2"), Do.Start(Stage.Reviewing, "r1"), Do.Reject("r1"), Do.Prioritize(),
            Do.Start(Stage.Coding, "c3"), Do.CodeDone("c3", "tree-3"), Do.Start(Stage.Reviewing, "r2"), Do.Interrupt("r2"), Do.Start(Stage.Reviewing, "r3"),
            Do.Approve("r3", "tree-3"), Do.Use(), Do.Start(Stage.PrOpen, "o1"), Do.Intend("o1"), Do.EffectDone("o1"), Do.PullRequestOpened("o1"));

        for (var seq = 1; seq <= story.History.Count; seq++)
        {
            var fork = Link(Inheritance.Of(story.History.Take(seq)));

            var then = JobEvolver.Replay(JobStory.Id, story.History.Take(seq))!;
            var state = then.State.IsTerminal() ? JobState.PrOpen : then.State;
            (fork.Job.State == state || (fork.Job.State, state) == (JobState.Queued, JobState.Planning)).ShouldBeTrue($"event {seq}: {state} became {fork.Job.State}");
            fork.Job.Entry.Running.ShouldBeNull();
            fork.Job.Feedback.Count.ShouldBe(then.Feedback.Count);
            fork.Job.Plan?.Summary.ShouldBe(then.Plan!.Summary);
            fork.Job.Code?.Change.ShouldBe(then.Code!.Change);
            (fork.Job.ProposedPlan is not null || OwedWork.Of(fork.Job) is not null).ShouldBeTrue($"event {seq}");
        }
    }

    [Fact]
    public void After_a_void_approval_only_what_was_said_is_inherited()
    {
        var inherited = Inheritance.Of(JobStory.Coding().Then(Do.Say()).History, planAnew: true);

        inherited.ShouldHaveSingleItem().ShouldBeOfType<JobEvent.FeedbackAdded>();
    }

    [Fact]
    public void What_no_history_can_hold_is_refused()
    {
        JobEvent[][] impossible =
        [
            [new JobEvent.PlanSucceeded("p1", "", [])],
            [new JobEvent.StartPlanning("p1", "n")],
            [new JobEvent.StartPlanning("p1", "n"), new JobEvent.PlanFailed(new JobFailure(Stage.Planning, "c", "m"))],
            [new JobEvent.PlanProposed("p1", "", [])],
            [new JobEvent.StartPlanning("p1", "n"), new JobEvent.PlanProposed("p1", "", []), new JobEvent.FeedbackAdded("t")],
            [new JobEvent.MarkCancelled("r")],
            [new JobEvent.UsageSettled("c", Stage.Coding, "m", Usage.None)],
        ];

        foreach (var inherited in impossible)
        {
            JobDecider.Decide(null, Do.Retry(inherited)).ShouldBeOfType<Decision.Refused>(string.Join(", ", inherited.Select(e => e.GetType().Name)));
        }

        var uncounted = Do.Submit() with { Inherited = [new JobEvent.FeedbackAdded("t")] };
        JobDecider.Decide(null, uncounted).ShouldBeOfType<Decision.Refused>();
    }

    private static JobStory RetryOf(JobStory story) => Link(Inheritance.Of(story.History));

    private static JobStory Link(IReadOnlyList<JobEvent> inherited)
    {
        var submit = Do.Submit();
        return JobStory.Given(submit with
        {
            Submission = submit.Submission with { Parent = new JobLink(JobId.Create(Do.T0, 1, 7), JobLinkKind.Retry, 9, inherited.Count) },
            Inherited = inherited,
        });
    }
}
