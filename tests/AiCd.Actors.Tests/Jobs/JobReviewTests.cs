using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobReviewTests
{
    [Fact]
    public void A_rejection_leads_back_to_coding_with_its_comments()
    {
        var story = JobStory.Reviewing().Then(Do.Reject("r1", "Tests are missing", review: "r-1"));

        story.Job.State.ShouldBe(JobState.Coding);
        story.Job.RejectedRounds.ShouldBe(1);
        story.Job.Feedback.ShouldBe([new Feedback(1, "Tests are missing", null, Do.Artifact(ArtifactKinds.Review, "r-1"))]);
        story.Job.Entry.ShouldBe(StageEntry.Fresh);
        OwedWork.Of(story.Job).ShouldBe(new OwedWork(Stage.Coding, null, null));
    }

    [Fact]
    public void Comments_of_all_rounds_gather_in_order_beside_those_of_people()
    {
        var story = JobStory.Reviewing().Then(
            Do.Say("From a person"),
            Do.Reject("r1", "First"),
            Do.Start(Stage.Coding, "c2"),
            Do.CodeDone("c2", "tree-2"),
            Do.Start(Stage.Reviewing, "r2"),
            Do.Reject("r2", "Second"));

        story.Job.Feedback.Select(feedback => (feedback.Round, feedback.Text, feedback.By)).ShouldBe([(0, "From a person", "bob"), (1, "First", null), (2, "Second", null)]);
    }

    [Fact]
    public void The_last_round_that_is_rejected_fails_the_job()
    {
        var story = JobStory.Reviewing().Then(
            Do.Reject("r1"), Do.Start(Stage.Coding, "c2"), Do.CodeDone("c2", "tree-2"), Do.Start(Stage.Reviewing, "r2"),
            Do.Reject("r2"), Do.Start(Stage.Coding, "c3"), Do.CodeDone("c3", "tree-3"), Do.Start(Stage.Reviewing, "r3"));

        var failed = story.When(Do.Reject("r3", "Still bad")).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.ReviewFailed>();

        failed.Failure.ShouldBe(new JobFailure(Stage.Reviewing, FailureCodes.ReviewRoundsExhausted, "Review round 3 of 3 was rejected too: Still bad"));
        failed.Artifacts.ShouldContain(artifact => artifact.Kind == ArtifactKinds.Review);
        story.Job.State.ShouldBe(JobState.Failed);
        story.Job.Failure.ShouldBe(failed.Failure);
    }

    [Fact]
    public void With_one_round_allowed_the_first_rejection_fails_the_job() =>
        JobStory.Reviewing().When(Do.Reject("r1", rounds: 1)).ShouldHaveSingleItem().ShouldBeOfType<JobEvent.ReviewFailed>();

    [Fact]
    public void An_approval_of_another_tree_is_no_evidence()
    {
        var refusal = JobStory.Reviewing().WhenRefused(Do.Approve("r1", "tree-0"));

        refusal.ShouldBe(new Refusal(RefusalCodes.NoEvidence, "The approval is for tree tree-0, the job's commit has tree-1", JobState.Reviewing));
    }

    [Fact]
    public void A_later_round_is_approved_for_its_own_tree_only()
    {
        var story = JobStory.Reviewing().Then(Do.Reject("r1"), Do.Start(Stage.Coding, "c2"), Do.CodeDone("c2", "tree-2"), Do.Start(Stage.Reviewing, "r2"));

        story.WhenRefused(Do.Approve("r2", Do.Tree)).Code.ShouldBe(RefusalCodes.NoEvidence);
        story.Then(Do.Approve("r2", "tree-2")).Job.State.ShouldBe(JobState.PrOpen);
    }
}
