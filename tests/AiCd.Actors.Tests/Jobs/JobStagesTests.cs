using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobStagesTests
{
    [Fact]
    public void A_job_goes_from_its_submission_to_a_completed_pull_request()
    {
        var story = JobStory.Completed();

        story.History.Select(e => e.GetType().Name).ShouldBe([
            "Submitted", "StartPlanning", "PlanSucceeded", "StartCoding", "CodeSucceeded", "StartReviewing", "ReviewApproved",
            "AttemptStarted", "PrOpened", "MarkCompleted"]);
        story.Job.State.ShouldBe(JobState.Completed);
        story.Job.Seq.ShouldBe(10);
        story.Job.PullRequest.ShouldBe(Do.PullRequest());
        story.Job.Plan!.Summary.ShouldBe("The plan");
        story.Job.Code!.Change.ShouldBe(Do.Change());
        story.Job.Review!.TreeSha.ShouldBe(Do.Tree);
        story.Job.Failure.ShouldBeNull();
    }

    [Fact]
    public void The_submission_is_the_first_event_and_fixes_the_job()
    {
        var submit = Do.Submit();
        var story = JobStory.Given(submit);

        story.Job.State.ShouldBe(JobState.Queued);
        story.Job.Seq.ShouldBe(1);
        story.Job.Submission.ShouldBe(submit.Submission);
        story.Job.SubmittedAt.ShouldBe(Do.T0);
        story.WhenRefused(submit).Code.ShouldBe(RefusalCodes.AlreadyDone);
    }

    [Fact]
    public void A_job_that_does_not_exist_refuses_everything_else()
    {
        var refusal = new JobStory().WhenRefused(Do.Cancel());

        refusal.ShouldBe(new Refusal(RefusalCodes.NotFound, "There is no such job", null));
    }

    [Fact]
    public void A_history_that_does_not_begin_with_the_submission_is_no_history() =>
        Should.Throw<InvalidOperationException>(() => JobEvolver.Replay(JobStory.Id, [new JobEvent.MarkCompleted()]))
            .Message.ShouldContain("MarkCompleted");

    [Fact]
    public void A_history_with_a_move_that_the_table_lacks_is_no_history() =>
        Should.Throw<JobStateException>(() => JobEvolver.Replay(JobStory.Id, [.. JobStory.Queued().History, new JobEvent.MarkCompleted()]));

    [Fact]
    public void No_history_is_no_job() => JobEvolver.Replay(JobStory.Id, []).ShouldBeNull();

    [Fact]
    public void Events_bear_the_time_of_their_command()
    {
        var story = JobStory.PrOpen();
        var command = Do.PullRequestOpened("o1");

        story.When(command).ShouldAllBe(e => e.At == command.At);
        story.Job.UpdatedAt.ShouldBe(command.At);
        story.Job.SubmittedAt.ShouldBe(Do.T0);
    }

    [Fact]
    public void Entering_a_stage_begins_its_attempts_anew()
    {
        var story = JobStory.Planning().Then(Do.Fail("p1"), Do.Start(Stage.Planning, "p2"), Do.Interrupt("p2"), Do.Start(Stage.Planning, "p3"));
        story.Job.Entry.Started.ShouldBe(3);
        story.Job.Entry.Running!.Number.ShouldBe(3);

        story.Then(Do.PlanDone("p3"));

        story.Job.Entry.ShouldBe(StageEntry.Fresh);
    }

    [Theory]
    [InlineData(Stage.Planning, "Invalid event START_PLANNING for current state CODING")]
    [InlineData(Stage.Reviewing, "Invalid event START_REVIEWING for current state CODING")]
    [InlineData(Stage.PrOpen, "Invalid event PR_OPENED for current state CODING")]
    public void A_stage_that_is_not_owed_cannot_be_started(Stage stage, string message)
    {
        var refusal = JobStory.Coding().WhenRefused(Do.Start(stage, "x1"));

        refusal.ShouldBe(new Refusal(RefusalCodes.InvalidEvent, message, JobState.Coding));
    }

    [Fact]
    public void Coding_cannot_be_started_while_planning() =>
        JobStory.Planning().WhenRefused(Do.Start(Stage.Coding, "c1")).Message.ShouldBe("Invalid event START_CODING for current state PLANNING");

    public static TheoryData<JobState, JobCommand> MisplacedResults()
    {
        var data = new TheoryData<JobState, JobCommand>();
        var results = new (JobState State, JobCommand Command)[]
        {
            (JobState.Planning, Do.PlanDone("x")),
            (JobState.Coding, Do.CodeDone("x")),
            (JobState.Reviewing, Do.Approve("x")),
            (JobState.Reviewing, Do.Reject("x")),
            (JobState.PrOpen, Do.PullRequestOpened("x")),
        };
        foreach (var state in Enum.GetValues<JobState>())
        {
            foreach (var result in results.Where(result => result.State != state && !(state == JobState.Completed && result.State == JobState.PrOpen)))
            {
                data.Add(state, result.Command);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(MisplacedResults))]
    public void A_result_in_another_state_is_refused_by_name(JobState state, JobCommand command)
    {
        var refusal = JobStory.In(state).WhenRefused(command);

        refusal.Code.ShouldBe(RefusalCodes.InvalidEvent);
        refusal.State.ShouldBe(state);
        refusal.Message.ShouldEndWith($" for current state {WireNames.Of(state)}");
    }

    [Fact]
    public void A_result_of_another_attempt_is_refused()
    {
        JobStory.Planning().WhenRefused(Do.PlanDone("p0")).ShouldBe(new Refusal(
            RefusalCodes.StaleAttempt, "Attempt p0 is not the running one (p1) in state PLANNING", JobState.Planning));
        JobStory.Coding().WhenRefused(Do.CodeDone("p1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        JobStory.Reviewing().WhenRefused(Do.Approve("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        JobStory.Reviewing().WhenRefused(Do.Reject("c1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        JobStory.PrOpen().WhenRefused(Do.PullRequestOpened("r1")).Code.ShouldBe(RefusalCodes.StaleAttempt);
        JobStory.Coding().Then(Do.Interrupt("c1")).WhenRefused(Do.CodeDone("c1")).Message.ShouldContain("(none)");
    }

    [Fact]
    public void An_attempt_without_a_name_is_never_the_running_one()
    {
        var story = JobStory.Queued();

        story.WhenRefused(Do.Fail(null!)).Code.ShouldBe(RefusalCodes.StaleAttempt);
        story.WhenRefused(Do.Hold(null!)).Code.ShouldBe(RefusalCodes.StaleAttempt);
        JobStory.Completed().WhenRefused(Do.Interrupt(null!)).Code.ShouldBe(RefusalCodes.StaleAttempt);
    }

    [Fact]
    public void Results_keep_the_artifacts_that_they_name()
    {
        var story = JobStory.PrOpen();

        story.Job.Plan!.Artifacts.Select(artifact => artifact.Kind).ShouldBe([ArtifactKinds.Transcript, ArtifactKinds.Plan]);
        story.Job.Code!.Artifacts.ShouldHaveSingleItem().Kind.ShouldBe(ArtifactKinds.Diff);
        story.Job.Review!.Artifacts.ShouldHaveSingleItem().Kind.ShouldBe(ArtifactKinds.Review);
    }
}
