using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Runtime.Nodes;

public sealed class LeaseLossTests
{
    [Fact]
    public async Task A_node_that_cannot_renew_stops_everything_before_its_lease_is_over_and_comes_back_as_another_incarnation()
    {
        await using var harness = await NodeHarness.StartAsync(options => (options.Lease, options.Renewal) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3)), shared: true);
        harness.Work.Hold(Stage.Coding);
        var job = await harness.SubmitAsync();
        var running = await harness.ArrivedAsync(Stage.Coding);
        var before = harness.Node.Incarnation;

        harness.Way.Sever();
        harness.Time.Advance(TimeSpan.FromSeconds(8));

        await running.StoppedAsync();
        await harness.UntilAsync(() => Task.FromResult(!harness.Node.IsReady));
        harness.Way.Mend();
        await harness.UntilAsync(() => Task.FromResult(harness.Node.IsReady));
        harness.Node.Incarnation.ShouldNotBe(before);
        (await harness.ArrivedAsync(Stage.Coding)).Succeed();
        await harness.UntilAsync(job, JobState.Completed);
        harness.Work.Of(job, Stage.Planning).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_was_declared_dead_joins_anew()
    {
        await using var harness = await NodeHarness.StartAsync(shared: true);
        harness.Work.Hold(Stage.Planning);
        var job = await harness.SubmitAsync();
        var running = await harness.ArrivedAsync(Stage.Planning);

        await harness.Store.Nodes.LeaveAsync(harness.Node.Incarnation, CancellationToken.None);
        harness.Time.Advance(TimeSpan.FromSeconds(3));

        await running.StoppedAsync();
        var again = await harness.ArrivedAsync(Stage.Planning);
        again.Incarnation.ShouldNotBe(running.Incarnation);
        again.Succeed();
        await harness.UntilAsync(job, JobState.Completed);
    }

    [Fact]
    public async Task A_node_stops_while_the_store_is_away()
    {
        await using var harness = await NodeHarness.StartAsync(shared: true);
        harness.Work.Hold(Stage.Planning);
        await harness.SubmitAsync();
        await harness.ArrivedAsync(Stage.Planning);
        harness.Way.Sever();

        var stopping = harness.Node.StopAsync(TimeSpan.FromSeconds(1));

        await harness.UntilAsync(() => Task.FromResult(stopping.IsCompleted));
        await stopping;
    }

    [Fact]
    public async Task A_node_that_loses_its_lease_while_it_stops_ends_its_attempts_before_others_begin_them_anew()
    {
        await using var harness = await NodeHarness.StartAsync(shared: true);
        harness.Work.Hold(Stage.Planning);
        await harness.SubmitAsync();
        var running = await harness.ArrivedAsync(Stage.Planning);
        var stopping = harness.Node.StopAsync(TimeSpan.FromMinutes(30));
        await harness.UntilAsync(async () => (await harness.Store.Nodes.ReadAsync(CancellationToken.None)).Shards.All(shard => shard.Owner is null));
        running.Token.IsCancellationRequested.ShouldBeFalse();

        harness.Way.Sever();
        harness.Time.Advance(TimeSpan.FromSeconds(8));

        await running.StoppedAsync();
        await harness.UntilAsync(() => Task.FromResult(stopping.IsCompleted));
        await stopping;
    }

    [Fact]
    public async Task Shards_that_could_not_be_handed_over_are_handed_over_in_the_next_round()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        first.Work.Hold(Stage.Planning);
        var failures = 0;
        first.Way.OnRelease = release => ++failures > 2 ? release() : throw new JournalException("away", isTransient: true);

        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);

        await second.UntilAsync(() => Task.FromResult(second.Node.OwnedShards.Count == 32 && first.Node.OwnedShards.Count == 32));
        failures.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task The_inbox_is_read_on_after_a_full_page_whose_shards_were_lost_meanwhile()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        first.Work.Hold(Stage.Planning);
        var job = await first.SubmitAsync();
        var pages = 0;
        first.Way.OnPending = async (shards, inner) =>
        {
            var pending = await inner();
            return ++pages > 1 ? pending : [.. Enumerable.Range(0, 500).Select(_ => new InboxCommand(Guid.NewGuid(), JobId.Create(first.Time.GetUtcNow(), 500, 1), "default", "{}"u8.ToArray()))];
        };
        await first.UntilAsync(() => Task.FromResult(pages > 2));
        await using var web = await NodeHarness.StartAsync(options => (options.NodeName, options.Role) = ("web", "web"), beside: first);

        (await web.UntilAsync(web.SayAsync(job, "Are you there?"))).ShouldBeOfType<CommandResult.Applied>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_whose_append_has_an_unknown_end_when_the_node_gives_up_is_applied_once(bool committed)
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        first.Work.Hold(Stage.Planning);
        var job = await first.SubmitAsync();
        await first.ArrivedAsync(Stage.Planning);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        first.Journal.OnAppend = async (_, inner, _) =>
        {
            first.Journal.OnAppend = null;
            if (committed)
            {
                await inner();
            }

            lost.SetResult();
            throw new CommitUnknownException("The connection broke", new IOException("reset"));
        };
        first.Journal.OnSettle = _ => throw new JournalException("away", isTransient: true);

        var said = first.SayAsync(job, "Mind the gap");
        await lost.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        await first.Store.Nodes.LeaveAsync(first.Node.Incarnation, CancellationToken.None);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);

        (await first.UntilAsync(said)).ShouldBeOfType<CommandResult.Applied>();
        (await second.UntilAsync(job, found => found.Feedback.Count > 0)).Feedback.Count(feedback => feedback.Text == "Mind the gap").ShouldBe(1);
    }

    [Fact]
    public async Task A_result_that_comes_while_a_shard_is_taken_over_is_not_worked_for_again_though_its_node_has_left()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);
        await second.UntilAsync(async () => (await first.Store.Nodes.ReadAsync(CancellationToken.None)).Shards.Count(shard => shard.Owner == second.Node.Incarnation) == 32);
        first.Work.Hold(Stage.Planning);
        var job = await first.SubmitAsync();
        var call = await first.ArrivedAsync(Stage.Planning);
        call.Incarnation.ShouldBe(first.Node.Incarnation);
        first.Way.IsMute = true;
        var stopping = new Lazy<Task>(() => first.Node.StopAsync(TimeSpan.FromMinutes(1)));
        var read = 0;
        second.Way.OnPending = async (shards, inner) =>
        {
            if (!shards.Contains(job.Shard) || stopping.Value.IsCompleted)
            {
                return await inner();
            }

            // Read before the result was posted; answered when whoever posted it is gone.
            if (Interlocked.Exchange(ref read, 1) == 0)
            {
                call.Succeed();
                await stopping.Value;
            }

            return [];
        };

        await second.UntilAsync(() => Task.FromResult(stopping.Value.IsCompleted));

        await second.UntilAsync(job, JobState.Completed);
        read.ShouldBe(1);
        first.Work.Of(job, Stage.Planning).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_recovery_that_fails_half_way_is_made_again_whole()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        first.Work.Hold(Stage.Planning);
        var job = await first.SubmitAsync();
        await first.ArrivedAsync(Stage.Planning);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);
        var failures = 0;
        second.Journal.OnReadActive = () =>
        {
            if (++failures <= 2)
            {
                throw new JournalException("away", isTransient: true);
            }
        };
        first.Way.Sever();
        await first.Store.Nodes.LeaveAsync(first.Node.Incarnation, CancellationToken.None);

        (await second.ArrivedAsync(Stage.Planning)).ShouldSatisfyAllConditions(
            call => call.Run.Job.Id.ShouldBe(job), call => call.Incarnation.ShouldBe(second.Node.Incarnation), call => call.Succeed());
        await second.UntilAsync(job, JobState.Completed);
        failures.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task An_attempt_for_a_job_of_another_node_is_stopped_though_no_signal_came()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        first.Work.Hold(Stage.Planning);
        var jobs = new Dictionary<JobId, Engines.StageCall>();
        for (var i = 0; i < 5; i++)
        {
            await first.SubmitAsync();
        }

        for (var i = 0; i < 5; i++)
        {
            var call = await first.ArrivedAsync(Stage.Planning);
            jobs.Add(call.Run.Job.Id, call);
        }

        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);
        first.Way.IsMute = second.Way.IsMute = true;
        await second.UntilAsync(async () => (await first.Store.Nodes.ReadAsync(CancellationToken.None)).Shards.Count(shard => shard.Owner == second.Node.Incarnation) == 32);
        foreach (var job in jobs.Keys)
        {
            (await second.UntilAsync(second.Gateway.SendAsync(job, new JobCommand.Cancel("Enough") { At = second.Time.GetUtcNow() }, cancellationToken: CancellationToken.None)))
                .ShouldBeOfType<CommandResult.Applied>();
        }

        await second.UntilAsync(() => Task.FromResult(jobs.Values.All(call => call.Token.IsCancellationRequested)));
    }

    [Fact]
    public async Task What_an_operator_sets_of_a_pool_holds_on_every_node_and_for_those_that_start_later()
    {
        await using var first = await NodeHarness.StartAsync(shared: true);
        await using var second = await NodeHarness.StartAsync(options => options.NodeName = "second", beside: first);

        await first.Node.ChangePoolAsync(new PoolSetting(Stage.Coding, 2, 3, Paused: true), CancellationToken.None);

        static bool IsSet(NodeHarness harness) => harness.Node.Pools[Stage.Coding].View() is { Concurrency: 2, StartsPerSecond: 3, Paused: true };
        IsSet(first).ShouldBeTrue();
        await second.UntilAsync(() => Task.FromResult(IsSet(second)));
        await using var third = await NodeHarness.StartAsync(options => options.NodeName = "third", beside: first);
        IsSet(third).ShouldBeTrue();
        third.Node.Pools[Stage.Planning].View().Paused.ShouldBeFalse();
    }

    [Fact]
    public async Task What_an_operator_did_not_name_of_a_pool_stays_as_each_node_is_configured()
    {
        await using var first = await NodeHarness.StartAsync(options => options.Stages.Coding.Concurrency = 3, shared: true);
        await using var second = await NodeHarness.StartAsync(
            options => (options.NodeName, options.Stages.Coding.Concurrency) = ("second", 8), beside: first);

        await PauseAsync(true);
        await second.UntilAsync(() => Task.FromResult(second.Node.Pools[Stage.Coding].View().Paused));
        await PauseAsync(false);
        await second.UntilAsync(() => Task.FromResult(!second.Node.Pools[Stage.Coding].View().Paused));

        (first.Node.Pools[Stage.Coding].View().Concurrency, second.Node.Pools[Stage.Coding].View().Concurrency).ShouldBe((3, 8));

        async Task PauseAsync(bool paused) => await first.Node.ChangePoolAsync(
            await PoolSetting.OverAsync(first.Store.PoolSettings, Stage.Coding, null, null, paused, CancellationToken.None), CancellationToken.None);
    }

    [Fact]
    public async Task A_node_that_only_takes_commands_needs_a_store_that_others_share() =>
        (await Should.ThrowAsync<ArgumentException>(() => NodeHarness.StartAsync(options => options.Role = "web"))).Message.ShouldContain("AiCd:Role");
}
