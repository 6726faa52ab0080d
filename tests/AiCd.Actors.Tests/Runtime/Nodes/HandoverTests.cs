using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Actors.Tests.Engines;

namespace AiCd.Actors.Tests.Runtime.Nodes;

public sealed class HandoverTests
{
    [Fact]
    public async Task An_effect_of_a_stopping_node_waits_until_the_next_owner_has_its_intent_and_is_not_begun_anew()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);
        await SharedAsync(first, second);
        var (intending, goOn) = (NewSignal(), NewSignal());
        first.Work.Script = call => call.Run.Stage == Stage.PrOpen ? IntendAsync(call, intending, goOn.Task) : null;
        var job = await first.SubmitAsync();
        await first.UntilAsync(() => Task.FromResult(intending.Task.IsCompleted));
        first.Work.Of(job, Stage.PrOpen).ShouldHaveSingleItem().Incarnation.ShouldBe(first.Node.Incarnation);

        // Without a signal the second node hears of the shards at its next renewal, 3 seconds later.
        first.Way.IsMute = true;
        var stopping = first.Node.StopAsync(TimeSpan.FromMinutes(1));
        await first.UntilAsync(async () => (await first.Store.Nodes.ReadAsync(CancellationToken.None)).Shards[job.Shard].Owner is null);
        goOn.SetResult();
        await second.UntilAsync(() => Task.FromResult(stopping.IsCompleted));

        await second.UntilAsync(job, JobState.Completed);
        first.Work.Of(job, Stage.PrOpen).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_result_that_could_not_be_applied_is_tried_again_before_anything_of_its_shard_is_begun_anew()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);
        await SharedAsync(first, second);
        var (job, call) = await PlanningAsync(first);
        first.Way.IsMute = true;
        var stopping = first.Node.StopAsync(TimeSpan.FromMinutes(1));

        // The second node finds the result once the first has left, and cannot read the job's history at the first try.
        second.Way.OnPending = async (_, inner) => stopping.IsCompleted ? await inner() : [];
        var failures = 0;
        second.Journal.OnReadJobs = jobs =>
        {
            if (stopping.IsCompleted && jobs.Contains(job) && ++failures == 1)
            {
                throw new JournalException("away", isTransient: true);
            }
        };
        await first.UntilAsync(async () => (await first.Store.Nodes.ReadAsync(CancellationToken.None)).Shards[job.Shard].Owner is null);
        call.Succeed();
        await second.UntilAsync(() => Task.FromResult(stopping.IsCompleted && failures > 0));

        await second.UntilAsync(job, JobState.Completed);

        first.Work.Of(job, Stage.Planning).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_job_that_is_woken_while_its_shard_is_taken_over_is_not_begun_anew_before_the_inbox_was_read()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);
        await SharedAsync(first, second);
        var (job, call) = await PlanningAsync(first);
        var woken = 0;
        second.Way.OnPending = async (shards, inner) =>
        {
            if (shards.Contains(job.Shard) && Interlocked.Exchange(ref woken, 1) == 0)
            {
                await second.Node.WakeAsync(job, CancellationToken.None);
            }

            return await inner();
        };

        // The second node gets the shards when the first one has left, and its result is in the inbox.
        Task? stopping = null;
        second.Way.GetsShards = () => stopping is { IsCompleted: true };
        stopping = first.Node.StopAsync(TimeSpan.FromMinutes(1));
        await first.UntilAsync(async () => (await first.Store.Nodes.ReadAsync(CancellationToken.None)).Shards[job.Shard].Owner is null);
        call.Succeed();

        await second.UntilAsync(job, JobState.Completed);
        woken.ShouldBe(1);
        first.Work.Of(job, Stage.Planning).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_last_node_does_not_wait_for_an_answer_that_nobody_can_give()
    {
        await using var only = await NodeHarness.StartAsync(shared: true);
        var (intending, goOn) = (NewSignal(), NewSignal());
        only.Work.Script = call => call.Run.Stage == Stage.PrOpen ? IntendAsync(call, intending, goOn.Task) : null;
        var job = await only.SubmitAsync();
        await only.UntilAsync(() => Task.FromResult(intending.Task.IsCompleted));

        var stopping = only.Node.StopAsync(TimeSpan.FromMinutes(1));
        await only.UntilAsync(async () => (await only.Store.Nodes.ReadAsync(CancellationToken.None)).Shards[job.Shard].Owner is null);
        goOn.SetResult();
        var begun = only.Time.GetUtcNow();
        await only.UntilAsync(() => Task.FromResult(stopping.IsCompleted));

        (only.Time.GetUtcNow() - begun).ShouldBeLessThan(TimeSpan.FromSeconds(9));
        only.Work.Script = null;
        await using var next = await NodeHarness.StartAsync(options => options.NodeName = "next", beside: only);
        await next.UntilAsync(job, JobState.Completed);
    }

    [Fact]
    public async Task A_signal_that_came_before_a_node_listened_is_made_up_for()
    {
        var listens = NewSignal();
        await using var first = await NodeHarness.StartAsync(SlowToPoll, shared: true);
        await using var second = await NodeHarness.StartAsync(
            options =>
            {
                SlowToPoll(options);
                options.NodeName = "second";
            },
            beside: first,
            listens: listens.Task);
        await first.UntilAsync(first.Node.StopAsync(TimeSpan.Zero).ContinueWith(stopped => stopped.IsCompletedSuccessfully, TaskScheduler.Default));
        second.Node.OwnedShards.Count.ShouldBeLessThan(64);
        var begun = second.Time.GetUtcNow();

        listens.SetResult();

        await second.UntilAsync(() => Task.FromResult(second.Node.OwnedShards.Count == 64));
        (second.Time.GetUtcNow() - begun).ShouldBeLessThan(TimeSpan.FromMinutes(3));
    }

    private static async Task<StageOutcome> IntendAsync(StageCall call, TaskCompletionSource intending, Task goOn)
    {
        intending.TrySetResult();
        await goOn;
        await call.Run.Commands.SettleAsync(
            new JobCommand.IntendEffect(call.AttemptId, Effects.PullRequest, "branch") { At = DateTimeOffset.UnixEpoch }, call.Token);
        return Outcomes.Success(call.Run);
    }

    private static async Task<(JobId Job, StageCall Call)> PlanningAsync(NodeHarness node)
    {
        node.Work.Hold(Stage.Planning);
        return (await node.SubmitAsync(), await node.ArrivedAsync(Stage.Planning));
    }

    private static void SlowToPoll(EngineOptions options) => (options.Renewal, options.Lease) = (TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(9));

    private static Task SharedAsync(NodeHarness first, NodeHarness second) => second.UntilAsync(async () =>
        (await first.Store.Nodes.ReadAsync(CancellationToken.None)).Shards.Count(shard => shard.Owner == second.Node.Incarnation) == 32);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
