using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Stages;

namespace AiCd.Actors.Tests.Engines;

public abstract partial class EngineConformance
{
    [Theory]
    [InlineData(FaultKind.Transient)]
    [InlineData(FaultKind.Timeout)]
    public async Task Restart_tries_again_after_a_backoff_and_fails_the_job_when_the_attempts_are_used_up(FaultKind kind)
    {
        var node = await StartAsync(options => (options.Stages.Coding.Attempts, options.Stages.Coding.Backoff) = (2, TimeSpan.FromMinutes(1)));
        Work.Hold(Stage.Coding);
        var job = await SubmitAsync(node);
        (await ArrivedAsync(Stage.Coding)).Fail(kind);

        var waiting = await UntilAsync(node, job, found => found.Entry.Failed == 1);
        (waiting.Entry.RetryAt!.Value - waiting.UpdatedAt).ShouldBeInRange(TimeSpan.FromSeconds(48), TimeSpan.FromSeconds(72));
        (await UntilAsync(node.Gateway.ExplainAsync(job, Token)))!.ShouldSatisfyAllConditions(
            reason => reason.Code.ShouldBe(WaitingCodes.NotDue), reason => reason.DueAt.ShouldBe(waiting.Entry.RetryAt));
        Time.Advance(waiting.Entry.RetryAt.Value - Time.GetUtcNow());
        (await ArrivedAsync(Stage.Coding)).Fail(kind);

        var failed = await UntilAsync(node, job, JobState.Failed);
        failed.Failure.ShouldNotBeNull().ShouldSatisfyAllConditions(failure => failure.Stage.ShouldBe(Stage.Coding), failure => failure.Code.ShouldBe("scripted"));
    }

    [Theory]
    [InlineData(FaultKind.Permanent)]
    [InlineData(FaultKind.Credentials)]
    public async Task Stop_fails_the_job_at_once_with_the_reason(FaultKind kind)
    {
        var node = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(node);

        (await ArrivedAsync(Stage.Planning)).Fail(kind);

        (await UntilAsync(node, job, JobState.Failed)).Failure.ShouldNotBeNull().Message.ShouldBe($"The test wants {kind}");
        Work.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(FaultKind.Permanent)]
    [InlineData(FaultKind.Transient)]
    [InlineData(FaultKind.Timeout)]
    public async Task What_an_attempt_said_before_it_failed_stays_with_its_failure(FaultKind kind)
    {
        var node = await StartAsync(options => options.Stages.Coding.Timeout = TimeSpan.FromMinutes(3));
        Work.Hold(Stage.Coding);
        var job = await SubmitAsync(node);
        var call = await ArrivedAsync(Stage.Coding);
        var words = new string('w', NewArtifact.MaxInlineBytes);
        call.Run.Progress.Record("assistant", words);

        if (kind == FaultKind.Timeout)
        {
            Time.Advance(TimeSpan.FromMinutes(3));
        }
        else
        {
            call.Fail(kind);
        }

        await UntilAsync(node, job, found => found.State == JobState.Failed || found.Entry.Failed == 1);
        var failed = (await HistoryAsync(job)).OfType<JobEvent.AttemptFailed>().ShouldHaveSingleItem();
        var said = failed.Artifacts.ShouldNotBeNull().ShouldHaveSingleItem();
        said.Kind.ShouldBe(ArtifactKinds.Transcript);
        (await new ArtifactReader(Store.Artifacts).ReadTextAsync("default", said, Token)).ShouldBe($"{{\"role\":\"assistant\",\"text\":\"{words}\"}}\n");
    }

    [Fact]
    public async Task Escalate_makes_the_jobs_of_a_provider_wait_and_lets_one_find_out_whether_it_is_up_again()
    {
        var node = await StartAsync();
        Work.Hold(Stage.Planning);
        var hit = await SubmitAsync(node);
        (await ArrivedAsync(Stage.Planning)).Fail(FaultKind.ProviderDown);
        await UntilAsync(node, hit, found => found.Entry is { Started: 1, Running: null });

        Time.Advance(TimeSpan.FromMilliseconds(1));
        var waiting = await SubmitAsync(node);
        var other = await SubmitAsync(node, draft => draft with { Agent = "another" });
        (await ArrivedAsync(Stage.Planning)).ShouldSatisfyAllConditions(call => call.Run.Job.Id.ShouldBe(other), call => call.Succeed());
        (await UntilAsync(node.Gateway.ExplainAsync(waiting, Token)))!.Code.ShouldBe(WaitingCodes.ProviderDown);
        Time.Advance(ProviderCircuits.FirstPause);
        var probe = await ArrivedAsync(Stage.Planning);
        probe.Run.Job.Id.ShouldBe(hit);
        Work.Of(waiting, Stage.Planning).ShouldBeEmpty();
        Work.LetGo(Stage.Planning);
        probe.Succeed();

        await UntilAsync(node, hit, JobState.Completed);
        await UntilAsync(node, waiting, JobState.Completed);
        (await UntilAsync(node, hit, JobState.Completed)).Entry.Failed.ShouldBe(0);
    }

    [Fact]
    public async Task A_provider_that_another_stage_needs_holds_up_the_job_that_met_it_and_not_its_neighbours()
    {
        var node = await StartAsync();
        Work.Hold(Stage.Planning);
        var hit = await SubmitAsync(node);
        (await ArrivedAsync(Stage.Planning)).Fail(FaultKind.ProviderDown, provider: "forge");
        var cut = await UntilAsync(node, hit, found => found.Entry is { Started: 1, Running: null });
        cut.Entry.RetryAt.ShouldNotBeNull();

        var neighbour = await SubmitAsync(node);
        (await ArrivedAsync(Stage.Planning)).ShouldSatisfyAllConditions(call => call.Run.Job.Id.ShouldBe(neighbour), call => call.Succeed());
        Time.Advance(cut.Entry.RetryAt.Value - Time.GetUtcNow());

        (await ArrivedAsync(Stage.Planning)).ShouldSatisfyAllConditions(call => call.Run.Job.Id.ShouldBe(hit), call => call.Succeed());
        await UntilAsync(node, hit, JobState.Completed);
    }

    [Fact]
    public async Task Resume_goes_on_at_once_and_not_without_bound()
    {
        var node = await StartAsync(options => options.MaxInterruptions = 3);
        Work.Script = call => Task.FromException<StageOutcome>(new StageException(FaultKind.Ignorable, "hiccup", "Never mind"));

        var job = await SubmitAsync(node);

        (await UntilAsync(node, job, JobState.Failed)).Failure.ShouldNotBeNull().Code.ShouldBe(FailureCodes.InterruptedTooOften);
        Work.Calls.Count.ShouldBe(4);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cancelled_and_tried_again()
    {
        var node = await StartAsync(options => (options.Stages.Coding.Timeout, options.Stages.Coding.Backoff) = (TimeSpan.FromMinutes(3), TimeSpan.Zero));
        Work.Hold(Stage.Coding);
        var job = await SubmitAsync(node);
        var slow = await ArrivedAsync(Stage.Coding);

        Time.Advance(TimeSpan.FromMinutes(3));
        await slow.StoppedAsync();
        (await ArrivedAsync(Stage.Coding)).Succeed();

        await UntilAsync(node, job, JobState.Completed);
        (await HistoryAsync(job)).OfType<JobEvent.AttemptFailed>().ShouldHaveSingleItem().Code.ShouldBe(FailureCodes.Timeout);
    }

    [Fact]
    public async Task A_result_that_the_job_refuses_of_its_own_attempt_fails_the_job_and_leaves_nothing_open()
    {
        var node = await StartAsync();
        Work.Hold(Stage.Reviewing);
        var job = await SubmitAsync(node);
        var call = await ArrivedAsync(Stage.Reviewing);

        call.End(new JobCommand.ApproveReview(call.AttemptId, "another-tree", "Good", []) { At = Time.GetUtcNow() });

        (await UntilAsync(node, job, JobState.Failed)).Failure.ShouldNotBeNull().Code.ShouldBe(FailureCodes.Refused);
    }
}
