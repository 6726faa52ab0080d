using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Nodes;

public sealed class JobActorTests
{
    [Fact]
    public async Task A_reply_leaves_only_after_the_append_and_so_does_the_work()
    {
        await using var harness = await NodeHarness.StartAsync();
        var gate = new Gate();
        harness.Journal.OnAppend = async (_, inner, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            return await inner();
        };
        harness.Work.Hold(Stage.Planning);

        var submitting = harness.SubmitAsync();
        await gate.ArrivedAsync();
        submitting.IsCompleted.ShouldBeFalse();
        harness.Work.Calls.ShouldBeEmpty();
        gate.Open();

        var job = await submitting;
        (await harness.ArrivedAsync(Stage.Planning)).Run.Job.Id.ShouldBe(job);
    }

    [Fact]
    public async Task An_idle_actor_leaves_memory_and_its_job_is_rebuilt_when_somebody_asks()
    {
        await using var harness = await NodeHarness.StartAsync();
        harness.Work.Hold(Stage.Planning);
        var job = await harness.SubmitAsync();
        var call = await harness.ArrivedAsync(Stage.Planning);
        harness.Node.LiveActors.ShouldBe(1);

        harness.Time.Advance(2 * new EngineOptions().PassivateAfter);
        await harness.UntilAsync(() => Task.FromResult(harness.Node.LiveActors == 0));

        (await harness.SayAsync(job, "Still there?")).ShouldBeOfType<CommandResult.Applied>().Job.Feedback.Count.ShouldBe(1);
        call.Succeed();
        await harness.UntilAsync(job, JobState.Completed);
    }

    [Fact]
    public async Task A_finished_job_costs_no_actor()
    {
        await using var harness = await NodeHarness.StartAsync();

        var job = await harness.SubmitAsync();

        await harness.UntilAsync(async () => (await harness.Store.Journal.ReadJobsAsync([job], CancellationToken.None).LastAsync()).Event == "MARK_COMPLETED");
        await harness.UntilAsync(() => Task.FromResult(harness.Node.LiveActors == 0));
    }

    [Fact]
    public async Task A_job_whose_turn_came_while_it_could_not_be_read_gets_another_one()
    {
        await using var harness = await NodeHarness.StartAsync(options => (options.MaxIdleActors, options.Stages.Planning.Concurrency) = (1, 1));
        harness.Work.Hold(Stage.Planning);
        await harness.SubmitAsync();
        var first = await harness.ArrivedAsync(Stage.Planning);
        var waiting = await harness.SubmitAsync();
        harness.Time.Advance(2 * new EngineOptions().PassivateAfter);
        await harness.UntilAsync(() => Task.FromResult(harness.Node.LiveActors == 0));
        var failures = 0;
        harness.Journal.OnReadJobs = jobs =>
        {
            if (jobs.Contains(waiting) && Interlocked.Increment(ref failures) <= 2)
            {
                throw new JournalException("away", isTransient: true);
            }
        };

        harness.Work.LetGo(Stage.Planning);
        first.Succeed();

        await harness.UntilAsync(() => Task.FromResult(Volatile.Read(ref failures) > 2));
        await harness.UntilAsync(waiting, JobState.Completed);
        harness.Work.Of(waiting, Stage.Planning).Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_append_that_is_refused_fails_its_caller_and_the_next_begins_with_a_replay()
    {
        await using var harness = await NodeHarness.StartAsync();
        harness.Work.Hold(Stage.Planning);
        var job = await harness.SubmitAsync();
        await harness.ArrivedAsync(Stage.Planning);
        harness.Journal.OnAppend = (_, _, _) => Task.FromResult<AppendResult>(new AppendResult.RowRefused("not this one", Claim: null));
        await Should.ThrowAsync<Exception>(() => harness.SayAsync(job, "Lost"));
        harness.Journal.OnAppend = null;

        (await harness.SayAsync(job, "Kept")).ShouldBeOfType<CommandResult.Applied>().Job.Feedback.Select(said => said.Text).ShouldBe(["Kept"]);
    }

    [Fact]
    public async Task A_long_history_has_a_snapshot_until_the_job_ends_and_recovery_reads_what_came_after_it()
    {
        await using var first = await NodeHarness.StartAsync(options => options.SnapshotEvery = 10);
        first.Work.Hold(Stage.Planning);
        var job = await first.SubmitAsync();
        await first.ArrivedAsync(Stage.Planning);
        for (var i = 0; i < 25; i++)
        {
            await first.SayAsync(job, $"Number {i}");
        }

        async Task<JobSnapshot?> Kept() => (await first.Store.Snapshots.FindAsync([job], SnapshotCodec.Schema, CancellationToken.None)).SingleOrDefault();
        await first.UntilAsync(async () => (await Kept())?.Seq == 20);
        first.Way.Sever();

        await using var second = await NodeHarness.StartAsync(options => options.SnapshotEvery = 10, beside: first);
        (await second.UntilAsync(job, found => true)).Feedback.Count.ShouldBe(25);
        second.Journal.LastAfter[job].ShouldBe(20);
        (await second.ArrivedAsync(Stage.Planning)).Succeed();
        await second.UntilAsync(job, JobState.Completed);
        await second.UntilAsync(async () => await Kept() is null);
    }
}
