using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Engines;

/// <summary>What an engine of several nodes on one store promises beyond the rest.</summary>
public abstract class ClusterConformance : EngineConformance
{
    [Fact]
    public async Task Nodes_that_join_get_their_share_and_drive_new_jobs()
    {
        var nodes = await StartManyAsync(3);

        var jobs = new List<JobId>();
        foreach (var node in nodes)
        {
            for (var i = 0; i < 6; i++)
            {
                jobs.Add(await SubmitAsync(node));
            }
        }

        foreach (var job in jobs)
        {
            await UntilAsync(nodes[0], job, JobState.Completed);
        }

        Work.Calls.Count.ShouldBe(18 * 4);
        Work.Calls.Select(call => call.Incarnation).Distinct().ShouldBe(nodes.Select(node => node.Incarnation), ignoreOrder: true);
    }

    [Fact]
    public async Task An_attempt_runs_on_when_its_shard_moves_and_its_result_reaches_the_new_owner()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Coding);
        var jobs = await SubmitManyAsync(first, 40);
        var calls = await ArrivedAsync(Stage.Coding, 40);

        var second = await StartAsync();
        await BalancedAsync(2);
        var moved = await OwnedByAsync(second, jobs);
        moved.ShouldNotBeEmpty();
        (await UntilAsync(second.Gateway.ExplainAsync(moved[0], Token)))!.Code.ShouldBe(WaitingCodes.OtherNode);
        calls.ForEach(call => call.Succeed());

        foreach (var job in jobs)
        {
            await UntilAsync(second, job, JobState.Completed);
            Work.Of(job, Stage.Coding).ShouldHaveSingleItem().Incarnation.ShouldBe(first.Incarnation);
        }

        Work.Of(moved[0], Stage.Reviewing).ShouldHaveSingleItem().Incarnation.ShouldBe(second.Incarnation);
    }

    [Fact]
    public async Task What_a_killed_node_ran_is_started_anew_by_the_others_once_and_only_when_its_lease_is_over()
    {
        var nodes = await StartManyAsync(3);
        Work.Hold(Stage.Coding);
        var jobs = await SubmitManyAsync(nodes[0], 9);
        var lost = await ArrivedAsync(Stage.Coding, 9);

        nodes[0].Kill();
        await UntilAsync(nodes[1], jobs[0], JobState.Coding);
        Work.Calls.Count(call => call.Run.Stage == Stage.Coding).ShouldBe(9);
        await ExpireAsync(nodes[0].Incarnation);
        var anew = await ArrivedAsync(Stage.Coding, 9);

        anew.ForEach(call => call.Succeed());
        foreach (var job in jobs)
        {
            await UntilAsync(nodes[1], job, JobState.Completed);
            Work.Of(job, Stage.Coding).Count().ShouldBe(2);
            Work.Of(job, Stage.Planning).Count().ShouldBe(1);
        }

        anew.Select(call => call.Incarnation).ShouldAllBe(incarnation => incarnation != nodes[0].Incarnation);
        anew.Select(call => call.AttemptId).Intersect(lost.Select(call => call.AttemptId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopping_node_hands_over_its_shards_at_once_and_the_result_of_its_last_stage_counts()
    {
        var nodes = await StartManyAsync(2);
        Work.Hold(Stage.Planning);
        var jobs = await SubmitManyAsync(nodes[0], 4);
        var calls = await ArrivedAsync(Stage.Planning, 4);

        var stopping = nodes[0].StopAsync(TimeSpan.FromMinutes(5));
        await UntilAsync(BalancedAsync(1));
        Work.Calls.Count.ShouldBe(4);
        calls.ForEach(call => call.Succeed());
        await UntilAsync(stopping);

        foreach (var job in jobs)
        {
            await UntilAsync(nodes[1], job, JobState.Completed);
            Work.Of(job, Stage.Planning).ShouldHaveSingleItem().Incarnation.ShouldBe(nodes[0].Incarnation);
            Work.Of(job, Stage.Coding).ShouldHaveSingleItem().Incarnation.ShouldBe(nodes[1].Incarnation);
            (await HistoryAsync(job)).ShouldNotContain(e => e is JobEvent.AttemptInterrupted);
        }
    }

    [Fact]
    public async Task A_node_that_is_drained_finishes_what_it_runs_and_takes_nothing_until_it_is_let_again()
    {
        var nodes = await StartManyAsync(2);
        var control = new ClusterControl(Store);
        Work.Hold(Stage.Planning);
        var jobs = await SubmitManyAsync(nodes[0], 4);
        var calls = await ArrivedAsync(Stage.Planning, 4);

        (await control.DrainAsync(nodes[0].Incarnation, Token)).ShouldBe("node-1");
        await UntilAsync(BalancedAsync(1));
        calls.ForEach(call => call.Succeed());

        foreach (var job in jobs)
        {
            await UntilAsync(nodes[1], job, JobState.Completed);
            Work.Of(job, Stage.Planning).ShouldHaveSingleItem().Incarnation.ShouldBe(nodes[0].Incarnation);
            Work.Of(job, Stage.Coding).ShouldHaveSingleItem().Incarnation.ShouldBe(nodes[1].Incarnation);
            (await HistoryAsync(job)).ShouldNotContain(e => e is JobEvent.AttemptInterrupted);
        }

        await UntilAsync(nodes[0].StopAsync(TimeSpan.Zero));
        var again = await StartAsync(options => options.NodeName = "node-1");
        (await Store.Nodes.ReadAsync(Token)).Shards.ShouldAllBe(shard => shard.Owner == nodes[1].Incarnation);
        var made = await SubmitAsync(again);
        (await ArrivedAsync(Stage.Planning)).Succeed();
        await UntilAsync(again, made, JobState.Completed);
        Work.Of(made, Stage.Coding).ShouldHaveSingleItem().Incarnation.ShouldBe(nodes[1].Incarnation);

        (await control.UndrainAsync("node-1", Token)).ShouldBe("node-1");
        await BalancedAsync(2);
    }

    [Fact]
    public async Task A_node_is_drained_only_if_it_is_clear_which_one_that_is()
    {
        await StartManyAsync(2);
        await StartAsync(options => options.NodeName = "node-1");
        var control = new ClusterControl(Store);

        (await Should.ThrowAsync<NodeChoiceException>(() => control.DrainAsync("node-1", Token))).Message.ShouldContain("2 nodes");
        (await Should.ThrowAsync<NodeChoiceException>(() => control.DrainAsync("node-7", Token))).ShouldSatisfyAllConditions(
            unknown => unknown.IsUnknown.ShouldBeTrue(), unknown => unknown.Message.ShouldContain("node-2"));
        (await Should.ThrowAsync<NodeChoiceException>(() => control.UndrainAsync("node-7", Token))).IsUnknown.ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_from_every_node_are_applied_each_once()
    {
        var nodes = await StartManyAsync(3);
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(nodes[0]);
        var texts = Enumerable.Range(0, 60).Select(number => $"Number {number}").ToList();

        var results = await UntilAsync(Task.WhenAll(texts.Select((text, number) =>
            Task.Run(() => nodes[number % 3].Gateway.SendAsync(job, Say(text), cancellationToken: Token)))));

        results.ShouldAllBe(result => result is CommandResult.Applied);
        (await HistoryAsync(job)).OfType<JobEvent.FeedbackAdded>().Select(e => e.Text).ShouldBe(texts, ignoreOrder: true);
    }

    [Fact]
    public async Task An_act_that_every_node_tells_of_changes_one_of_its_jobs_once()
    {
        var nodes = await StartManyAsync(3);
        Work.Hold(Stage.Planning);
        var jobs = new List<JobId>();
        foreach (var node in nodes)
        {
            jobs.Add(await SubmitAsync(node));
        }

        var results = await UntilAsync(Task.WhenAll(Enumerable.Range(0, 18).Select(number => Task.Run(() =>
            nodes[number % 3].Gateway.SendAsync(jobs[number / 3 % 3], Say("Smaller, please") with { Act = "comment 7" }, cancellationToken: Token)))));

        results.OfType<CommandResult.Applied>().ShouldHaveSingleItem();
        results.OfType<CommandResult.Refused>().Select(refused => refused.Refusal.Code).Distinct().ShouldBe([RefusalCodes.AlreadyDone]);
        var said = await Task.WhenAll(jobs.Select(HistoryAsync));
        said.SelectMany(history => history).OfType<JobEvent.FeedbackAdded>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_command_is_applied_once_though_its_shard_moves_meanwhile()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Planning);
        var jobs = await SubmitManyAsync(first, 8);
        var texts = Enumerable.Range(0, 25).Select(number => $"Number {number}").ToList();

        var talking = Task.WhenAll(jobs.SelectMany(job => texts.Select(text => Task.Run(() => first.Gateway.SendAsync(job, Say(text), cancellationToken: Token)))));
        await StartManyAsync(2);
        var results = await UntilAsync(talking);

        results.ShouldAllBe(result => result is CommandResult.Applied);
        foreach (var job in jobs)
        {
            (await HistoryAsync(job)).OfType<JobEvent.FeedbackAdded>().Select(e => e.Text).ShouldBe(texts, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Submissions_with_one_key_at_every_node_make_one_job()
    {
        var nodes = await StartManyAsync(3);

        var results = await UntilAsync(Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            Task.Run(() => nodes[number % 3].Gateway.SubmitAsync(NewJob(draft => draft with { IdempotencyKey = "delivery-2" }), Token)))));

        results.Select(result => result.Job).Distinct().ShouldHaveSingleItem();
        results.Count(result => result.Created).ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_reaches_the_stage_wherever_it_runs()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Coding);
        var jobs = await SubmitManyAsync(first, 40);
        var calls = await ArrivedAsync(Stage.Coding, 40);
        var second = await StartAsync();
        await BalancedAsync(2);

        foreach (var job in jobs)
        {
            (await SendAsync(second, job, Cancel())).ShouldBeOfType<CommandResult.Applied>();
        }

        await UntilAsync(Task.WhenAll(calls.Select(call => call.StoppedAsync())));
    }

    [Fact]
    public async Task A_web_node_takes_no_shards_and_reaches_every_job()
    {
        var engine = await StartAsync(options => options.Stages.Planning.Concurrency = 1);
        var web = await StartAsync(options => options.Role = "web");
        Work.Hold(Stage.Planning);

        var running = await SubmitAsync(web);
        await ArrivedAsync(Stage.Planning);
        var waiting = await SubmitAsync(web);

        web.IsReady.ShouldBeTrue();
        (await Store.Nodes.ReadAsync(Token)).Shards.ShouldAllBe(shard => shard.Owner == engine.Incarnation);
        (await UntilAsync(web.Gateway.ExplainAsync(waiting, Token)))!.Position.ShouldBe(1);
        (await SendAsync(web, waiting, Say("Hello"))).ShouldBeOfType<CommandResult.Applied>().Job.Feedback.Count.ShouldBe(1);
        (await SendAsync(web, running, Cancel())).ShouldBeOfType<CommandResult.Applied>();
        (await ArrivedAsync(Stage.Planning)).Run.Job.Id.ShouldBe(waiting);
    }

    [Fact]
    public async Task A_command_that_nobody_handles_in_time_is_honestly_pending_and_handled_later()
    {
        var engine = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(engine);
        var web = await StartAsync(options => (options.Role, options.CommandPatience) = ("web", TimeSpan.FromSeconds(2)));
        engine.Kill();

        (await SendAsync(web, job, Say("Are you there?"))).ShouldBeOfType<CommandResult.Pending>();
        (await UntilAsync(web.Gateway.SubmitAsync(NewJob(), Token))).ShouldSatisfyAllConditions(
            submitted => submitted.Created.ShouldBeTrue(), submitted => submitted.Settled.ShouldBeFalse());
        await ExpireAsync(engine.Incarnation);
        await StartAsync();

        await UntilAsync(web, job, found => found.Feedback.Count == 1);
    }

    protected abstract Task ExpireAsync(string incarnation);

    protected override async Task KillAsync(INode node)
    {
        await base.KillAsync(node);
        await ExpireAsync(node.Incarnation);
    }

    /// <summary>Completes when so many nodes own about the same number of shards, and no shard is without a living owner.</summary>
    protected async Task BalancedAsync(int nodes)
    {
        await UntilAsync(Eventually.HoldsAsync(
            async () =>
            {
                var owners = (await Store.Nodes.ReadAsync(Token)).Shards.GroupBy(shard => shard.Owner).ToDictionary(group => group.Key ?? "", group => group.Count());
                return owners.Count == nodes && !owners.ContainsKey("") && owners.Values.Max() - owners.Values.Min() <= nodes;
            },
            Token));
    }

    private async Task<IReadOnlyList<INode>> StartManyAsync(int count)
    {
        var nodes = new List<INode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await StartAsync());
        }

        var living = (await Store.Nodes.ReadAsync(Token)).Nodes.Count(node => node.TakesShards);
        await BalancedAsync(living);
        return nodes;
    }

    private async Task<List<JobId>> SubmitManyAsync(INode node, int count)
    {
        var jobs = new List<JobId>();
        for (var i = 0; i < count; i++)
        {
            jobs.Add(await SubmitAsync(node));
        }

        return jobs;
    }

    private async Task<List<StageCall>> ArrivedAsync(Stage stage, int count)
    {
        var calls = new List<StageCall>();
        for (var i = 0; i < count; i++)
        {
            calls.Add(await ArrivedAsync(stage));
        }

        return calls;
    }

    private async Task<List<JobId>> OwnedByAsync(INode node, IEnumerable<JobId> jobs)
    {
        var shards = (await Store.Nodes.ReadAsync(Token)).Shards.Where(shard => shard.Owner == node.Incarnation).Select(shard => shard.Shard).ToHashSet();
        return [.. jobs.Where(job => shards.Contains(job.Shard))];
    }
}
