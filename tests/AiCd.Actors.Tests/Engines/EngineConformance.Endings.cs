using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Actors.Tests.Engines;

public abstract partial class EngineConformance
{
    [Fact]
    public async Task Cancelling_a_job_stops_its_running_stage_and_gives_its_place_to_the_next()
    {
        var node = await StartAsync(options => options.Stages.Planning.Concurrency = 1);
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(node);
        var running = await ArrivedAsync(Stage.Planning);
        var next = await SubmitAsync(node);

        (await SendAsync(node, job, Cancel())).ShouldBeOfType<CommandResult.Applied>().Job.State.ShouldBe(JobState.Cancelled);

        await UntilAsync(running.StoppedAsync());
        (await ArrivedAsync(Stage.Planning)).Run.Job.Id.ShouldBe(next);
        (await HistoryAsync(job))[^1].ShouldBeOfType<JobEvent.MarkCancelled>();
        (await SendRefusedAsync(node, job, Cancel())).ShouldBe(RefusalCodes.InvalidEvent);
    }

    [Fact]
    public async Task A_cancelled_job_that_meant_to_open_a_pull_request_closes_it_later_even_over_a_kill()
    {
        var first = await StartAsync();
        Work.Hold(Stage.PrOpen);
        var job = await SubmitAsync(first);
        var opening = await ArrivedAsync(Stage.PrOpen);
        await UntilAsync(opening.Run.Commands.SendAsync(new JobCommand.IntendEffect(opening.AttemptId, Effects.PullRequest, "branch") { At = Time.GetUtcNow() }, Token));
        await SendAsync(first, job, Cancel());
        await UntilAsync(opening.StoppedAsync());
        (await UntilAsync(first, job, JobState.Cancelled)).IsActive.ShouldBeTrue();

        await KillAsync(first);
        var second = await StartAsync();
        (await UntilAsync(second.Gateway.ExplainAsync(job, Token)))!.Code.ShouldBe(WaitingCodes.NotDue);
        Time.Advance(TimeSpan.FromMinutes(1));
        var closing = await ArrivedAsync(Stage.PrOpen);
        closing.Run.Job.State.ShouldBe(JobState.Cancelled);
        closing.Succeed();

        (await UntilAsync(second, job, found => !found.IsActive)).State.ShouldBe(JobState.Cancelled);
        (await HistoryAsync(job))[^1].ShouldBeOfType<JobEvent.EffectDone>().Effect.ShouldBe(Effects.ClosePullRequest);
        (await Store.Journal.ReadActiveAsync([job.Shard], Token).AnyAsync(row => row.Job == job, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delayed_job_does_not_start_before_its_time()
    {
        var node = await StartAsync();
        var due = Time.GetUtcNow().AddMinutes(3);
        var job = await SubmitAsync(node, draft => draft with { NotBefore = due });

        (await UntilAsync(node.Gateway.ExplainAsync(job, Token)))!.DueAt.ShouldBe(due);
        Time.Advance(due - Time.GetUtcNow() - TimeSpan.FromSeconds(30));
        (await UntilAsync(node, job, JobState.Queued)).Entry.Started.ShouldBe(0);
        Time.Advance(due - Time.GetUtcNow());

        await UntilAsync(node, job, JobState.Completed);
        Work.Calls[0].Run.Attempt.StartedAt.ShouldBeGreaterThanOrEqualTo(due);
    }

    [Fact]
    public async Task A_job_is_cancelled_at_its_deadline_even_if_it_came_back_after_a_kill()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Planning);
        var deadline = Time.GetUtcNow().AddMinutes(3);
        var job = await SubmitAsync(first, draft => draft with { Deadline = deadline });
        await ArrivedAsync(Stage.Planning);
        await KillAsync(first);
        var second = await StartAsync();
        var running = await ArrivedAsync(Stage.Planning);

        Time.Advance(deadline - Time.GetUtcNow());

        await UntilAsync(running.StoppedAsync());
        await UntilAsync(second, job, JobState.Cancelled);
        (await HistoryAsync(job))[^1].ShouldBeOfType<JobEvent.MarkCancelled>().Reason.ShouldContain("deadline");
    }

    [Fact]
    public async Task A_graceful_stop_lets_running_stages_finish_and_starts_nothing_new()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(first);
        var running = await ArrivedAsync(Stage.Planning);

        var stopping = first.StopAsync(TimeSpan.FromMinutes(5));
        await UntilAsync(Task.Run(() => SpinWait.SpinUntil(() => !first.IsReady), Token));
        running.Succeed();
        await UntilAsync(stopping);

        running.Token.IsCancellationRequested.ShouldBeFalse();
        Work.Calls.Count.ShouldBe(1);
        first.IsReady.ShouldBeFalse();
        var second = await StartAsync();
        await UntilAsync(second, job, JobState.Completed);
        Work.Of(job, Stage.Planning).Count().ShouldBe(1);
        (await HistoryAsync(job)).ShouldNotContain(e => e is JobEvent.AttemptInterrupted);
    }

    [Fact]
    public async Task What_does_not_finish_within_the_grace_is_cut_short_and_stays_owed_uncounted()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(first);
        var running = await ArrivedAsync(Stage.Planning);

        await UntilAsync(first.StopAsync(TimeSpan.FromMilliseconds(50)));

        running.Token.IsCancellationRequested.ShouldBeTrue();
        Work.LetGo(Stage.Planning);
        var second = await StartAsync();
        (await UntilAsync(second, job, JobState.Completed)).Entry.Interrupted.ShouldBe(0);
        (await HistoryAsync(job)).OfType<JobEvent.AttemptInterrupted>().ShouldHaveSingleItem().Counted.ShouldBeFalse();
    }

    [Fact]
    public async Task Why_a_job_waits_is_said_with_its_place_in_the_queue()
    {
        var node = await StartAsync(options => options.Stages.Planning.Concurrency = 1);
        Work.Hold(Stage.Planning);
        var running = await SubmitAsync(node);
        await ArrivedAsync(Stage.Planning);
        var first = await SubmitAsync(node);
        var second = await SubmitAsync(node);
        var urgent = await SubmitAsync(node, draft => draft with { Priority = 9 });

        (await UntilAsync(node.Gateway.ExplainAsync(running, Token))).ShouldBeNull();
        foreach (var (job, place) in new[] { (urgent, 1), (first, 2), (second, 3) })
        {
            (await UntilAsync(node.Gateway.ExplainAsync(job, Token)))!.ShouldSatisfyAllConditions(
                reason => reason.Code.ShouldBe(WaitingCodes.PoolFull), reason => reason.Position.ShouldBe(place), reason => reason.Stage.ShouldBe(Stage.Planning));
        }
    }
}
