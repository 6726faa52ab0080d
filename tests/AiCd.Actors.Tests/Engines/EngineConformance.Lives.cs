using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Tests.Journal;

namespace AiCd.Actors.Tests.Engines;

public abstract partial class EngineConformance
{
    private static readonly Stage[] AllStages = [Stage.Planning, Stage.Coding, Stage.Reviewing, Stage.PrOpen];

    [Fact]
    public async Task A_job_goes_through_its_stages_to_the_end_and_each_runs_once()
    {
        var node = await StartAsync();

        var job = await SubmitAsync(node);

        (await UntilAsync(node, job, JobState.Completed)).PullRequest.ShouldNotBeNull().Number.ShouldBe(7);
        Work.Calls.Select(call => call.Run.Stage).ShouldBe(AllStages);
        Work.Calls.Select(call => call.AttemptId).ShouldBeUnique();
        (await HistoryAsync(job)).OfType<JobEvent.Move>().Select(move => move.Kind).ShouldBe([
            JobTransition.StartPlanning, JobTransition.PlanSucceeded, JobTransition.StartCoding, JobTransition.CodeSucceeded,
            JobTransition.StartReviewing, JobTransition.ReviewApproved, JobTransition.PrOpened, JobTransition.MarkCompleted]);
    }

    [Theory]
    [InlineData(Stage.Planning)]
    [InlineData(Stage.Coding)]
    [InlineData(Stage.Reviewing)]
    [InlineData(Stage.PrOpen)]
    public async Task What_a_killed_node_was_at_is_started_anew_and_nothing_that_was_finished(Stage stage)
    {
        var first = await StartAsync();
        Work.Hold(stage);
        var job = await SubmitAsync(first);
        var lost = await ArrivedAsync(stage);

        await KillAsync(first);
        Work.LetGo(stage);
        var second = await StartAsync();

        await UntilAsync(second, job, JobState.Completed);
        foreach (var each in AllStages)
        {
            Work.Of(job, each).Count().ShouldBe(each == stage ? 2 : 1);
        }

        var again = Work.Of(job, stage).Last();
        again.Incarnation.ShouldBe(second.Incarnation);
        again.Run.Attempt.Number.ShouldBe(2);
        (await HistoryAsync(job)).OfType<JobEvent.AttemptInterrupted>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            cut => cut.AttemptId.ShouldBe(lost.AttemptId), cut => cut.Counted.ShouldBeTrue());
    }

    [Fact]
    public async Task Jobs_that_wait_for_their_turn_come_back_after_a_kill()
    {
        var first = await StartAsync(options => options.Stages.Planning.Concurrency = 1);
        Work.Hold(Stage.Planning);
        var jobs = new List<JobId>();
        for (var i = 0; i < 20; i++)
        {
            jobs.Add(await SubmitAsync(first));
        }

        await ArrivedAsync(Stage.Planning);
        await KillAsync(first);
        Work.LetGo(Stage.Planning);
        var second = await StartAsync();

        foreach (var job in jobs)
        {
            await UntilAsync(second, job, JobState.Completed);
        }

        Work.Calls.Count(call => call.Run.Stage == Stage.Planning).ShouldBe(21);
    }

    [Fact]
    public async Task A_job_that_waits_for_a_person_still_waits_after_a_kill_and_goes_on_when_the_person_speaks()
    {
        var first = await StartAsync();
        var job = await SubmitAsync(first, draft => draft with { RequirePlanApproval = true });
        var proposed = await UntilAsync(first, job, found => found.ProposedPlan is not null);

        await KillAsync(first);
        var second = await StartAsync();
        (await UntilAsync(second, job, JobState.Planning)).ProposedPlan.ShouldNotBeNull();
        var sha = proposed.ProposedPlan!.Artifacts[0].Sha256;
        (await SendAsync(second, job, new JobCommand.ApprovePlan(sha, "ann") { At = Time.GetUtcNow() })).ShouldBeOfType<CommandResult.Applied>();

        await UntilAsync(second, job, JobState.Completed);
        Work.Of(job, Stage.Planning).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_retry_that_was_not_due_yet_is_still_not_due_after_a_kill()
    {
        var first = await StartAsync(options => options.Stages.Coding.Backoff = TimeSpan.FromMinutes(5));
        Work.Hold(Stage.Coding);
        var job = await SubmitAsync(first);
        (await ArrivedAsync(Stage.Coding)).Fail(FaultKind.Transient);
        var waiting = await UntilAsync(first, job, found => found.Entry.Failed == 1);

        await KillAsync(first);
        var second = await StartAsync(options => options.Stages.Coding.Backoff = TimeSpan.FromMinutes(5));
        (await UntilAsync(second, job, found => true)).Entry.RetryAt.ShouldBe(waiting.Entry.RetryAt);
        Work.Of(job, Stage.Coding).Count().ShouldBe(1);
        Time.Advance(waiting.Entry.RetryAt!.Value - Time.GetUtcNow());

        (await ArrivedAsync(Stage.Coding)).Succeed();
        await UntilAsync(second, job, JobState.Completed);
    }

    [Fact]
    public async Task A_job_whose_history_cannot_be_read_is_set_aside_and_the_others_go_on()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Coding);
        var sick = await SubmitAsync(first);
        await ArrivedAsync(Stage.Coding);
        var well = await SubmitAsync(first);
        await ArrivedAsync(Stage.Coding);
        await KillAsync(first);
        await CorruptAsync(sick);

        Work.LetGo(Stage.Coding);
        var second = await StartAsync();

        await UntilAsync(second, well, JobState.Completed);
        (await Should.ThrowAsync<JobQuarantinedException>(() => UntilAsync(second.Gateway.FindAsync(sick, Token)))).Reason.ShouldContain("NONSENSE");
        (await SendRefusedAsync(second, sick, Say("Hello?"))).ShouldBe(RefusalCodes.Quarantined);
        Work.Of(sick, Stage.Coding).Count().ShouldBe(1);
    }

    /// <summary>The node ends as a killed process does, and nobody need wait for its lease.</summary>
    protected virtual Task KillAsync(INode node)
    {
        node.Kill();
        return Task.CompletedTask;
    }

    /// <summary>Adds an event to the job's history that no program knows. No node may run meanwhile.</summary>
    private async Task CorruptAsync(JobId job)
    {
        var seq = await Store.Journal.ReadJobsAsync([job], Token).CountAsync(Token);
        var vandal = await ShardWriter.JoinAsync(Store, job.Shard);
        await vandal.CommitAsync(ShardWriter.Entry(job, seq + 1, ShardWriter.Event("NONSENSE")));
        await Store.Nodes.LeaveAsync(vandal.Incarnation, Token);
    }

    private async Task<string> SendRefusedAsync(INode node, JobId job, JobCommand command) =>
        (await SendAsync(node, job, command)).ShouldBeOfType<CommandResult.Refused>().Refusal.Code;
}
