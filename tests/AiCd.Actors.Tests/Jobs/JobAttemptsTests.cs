using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobAttemptsTests
{
    public static TheoryData<JobState, Stage, string> Running => new()
    {
        { JobState.Planning, Stage.Planning, "p1" },
        { JobState.Coding, Stage.Coding, "c1" },
        { JobState.Reviewing, Stage.Reviewing, "r1" },
        { JobState.PrOpen, Stage.PrOpen, "o1" },
    };

    public static TheoryData<JobState, Stage, string, string> Failing => new()
    {
        { JobState.Planning, Stage.Planning, "p1", "PlanFailed" },
        { JobState.Coding, Stage.Coding, "c1", "CodeFailed" },
        { JobState.Reviewing, Stage.Reviewing, "r1", "ReviewFailed" },
        { JobState.PrOpen, Stage.PrOpen, "o1", "PrFailed" },
    };

    [Theory]
    [MemberData(nameof(Running))]
    public void An_attempt_that_failed_is_tried_again_when_it_is_due(JobState state, Stage stage, string attempt)
    {
        var story = JobStory.In(state);

        story.When(Do.Fail(attempt)).ShouldBe([new JobEvent.AttemptFailed(stage, attempt, 1, "agent_failed", "It broke", Do.T0.AddMinutes(1)) { At = Do.T0.AddSeconds(10) }]);

        story.Job.State.ShouldBe(state);
        OwedWork.Of(story.Job).ShouldBe(new OwedWork(stage, Do.T0.AddMinutes(1), null));
        story.When(Do.Start(stage, "next")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.AttemptStarted>().Stage.ShouldBe(stage);
        OwedWork.Of(story.Job)!.Value.DueAt.ShouldBeNull();
        story.Job.Entry.Running.ShouldBe(new Attempt("next", 2, Do.Incarnation, Do.T0.AddSeconds(1)));
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void When_the_last_attempt_fails_the_job_fails(JobState state, Stage stage, string attempt, string failedEvent)
    {
        var story = JobStory.In(state).Then(Do.Fail(attempt), Do.Start(stage, "x2"), Do.Fail("x2"), Do.Start(stage, "x3"));

        var events = story.When(Do.Fail("x3"));

        events.Select(e => e.GetType().Name).ShouldBe(["AttemptFailed", failedEvent]);
        story.Job.State.ShouldBe(JobState.Failed);
        story.Job.Failure.ShouldBe(new JobFailure(stage, "agent_failed", "Attempt 3 of 3 failed too: It broke"));
        OwedWork.Of(story.Job).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_attempt_said_before_it_failed_stays_with_its_failure(bool retry)
    {
        var said = new ArtifactRef(ArtifactKinds.Transcript, new string('a', 64), 5_000, "application/jsonl");
        var story = JobStory.In(JobState.Coding);

        var events = story.When(Do.Fail("c1", retry) with { Artifacts = [said] });

        events[0].ShouldBeOfType<JobEvent.AttemptFailed>().Artifacts.ShouldBe([said]);
        EventArtifacts.StoredBy(events).ShouldBe([said.Sha256]);
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void A_failure_that_cannot_be_retried_fails_the_job_at_once(JobState state, Stage stage, string attempt, string failedEvent)
    {
        var story = JobStory.In(state);

        var events = story.When(Do.Fail(attempt, retry: false));

        events.Select(e => e.GetType().Name).ShouldBe(["AttemptFailed", failedEvent]);
        story.Job.Failure.ShouldBe(new JobFailure(stage, "agent_failed", "It broke"));
    }

    [Theory]
    [MemberData(nameof(Running))]
    public void An_attempt_of_a_lost_node_is_replaced_once_it_is_known_to_be_gone(JobState state, Stage stage, string attempt)
    {
        var story = JobStory.In(state);

        story.WhenRefused(Do.Start(stage, "x2")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Start(stage, "x2", gone: "other")).Message.ShouldBe($"Attempt {attempt} of stage {WireNames.Of(stage)} is still running");
        var events = story.When(Do.Start(stage, "x2", gone: attempt));

        events.Select(e => e.GetType().Name).ShouldBe(["AttemptInterrupted", "AttemptStarted"]);
        story.Job.Entry.ShouldBe(new StageEntry(2, 0, 1, new Attempt("x2", 2, Do.Incarnation, Do.T0.AddSeconds(1))));
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void Attempts_cut_short_too_often_fail_the_job(JobState state, Stage stage, string attempt, string failedEvent)
    {
        var story = JobStory.In(state).Then(Do.Start(stage, "x2", gone: attempt), Do.Start(stage, "x3", gone: "x2"));

        var events = story.When(Do.Start(stage, "x4", gone: "x3"));

        events.Select(e => e.GetType().Name).ShouldBe(["AttemptInterrupted", failedEvent]);
        story.Job.Failure.ShouldBe(new JobFailure(stage, FailureCodes.InterruptedTooOften, "3 attempts were cut short by a lost node; 2 are allowed"));
    }

    [Fact]
    public void Interruptions_reported_by_somebody_else_have_the_same_bound()
    {
        var story = JobStory.Coding().Then(
            Do.Interrupt("c1"), Do.Start(Stage.Coding, "c2"), Do.Interrupt("c2"), Do.Start(Stage.Coding, "c3"), Do.Interrupt("c3"));
        story.Job.Entry.Interrupted.ShouldBe(3);

        story.When(Do.Start(Stage.Coding, "c4")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.CodeFailed>()
            .Failure.Code.ShouldBe(FailureCodes.InterruptedTooOften);
    }

    [Fact]
    public void Interruptions_in_good_order_are_not_counted()
    {
        var story = JobStory.Coding();
        for (var i = 1; i <= 10; i++)
        {
            story.Then(Do.Interrupt($"c{i}", counted: false), Do.Start(Stage.Coding, $"c{i + 1}"));
        }

        story.Job.Entry.Interrupted.ShouldBe(0);
        story.Job.Entry.Running!.Number.ShouldBe(11);
    }

    [Fact]
    public void Failures_and_interruptions_are_counted_apart()
    {
        var story = JobStory.Coding().Then(
            Do.Fail("c1"), Do.Start(Stage.Coding, "c2"),
            Do.Interrupt("c2"), Do.Start(Stage.Coding, "c3"),
            Do.Fail("c3"), Do.Start(Stage.Coding, "c4"),
            Do.Interrupt("c4"), Do.Start(Stage.Coding, "c5"));

        story.Job.Entry.ShouldBe(new StageEntry(5, 2, 2, new Attempt("c5", 5, Do.Incarnation, Do.T0.AddSeconds(1))));
        story.Then(Do.CodeDone("c5")).Job.State.ShouldBe(JobState.Reviewing);
    }

    [Fact]
    public void An_interrupted_attempt_cannot_fail_or_be_interrupted_again()
    {
        var story = JobStory.Coding().Then(Do.Interrupt("c1"));

        story.WhenRefused(Do.Interrupt("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Fail("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Hold("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }
}
