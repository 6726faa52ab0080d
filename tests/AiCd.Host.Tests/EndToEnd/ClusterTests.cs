using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class ClusterTests : IAsyncLifetime
{
    private TestDatabase? _database;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync(Cancelled);

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Fact]
    public async Task Two_nodes_that_start_at_once_make_one_store_and_share_its_shards()
    {
        using var bench = await Workbench.CreateAsync(_database);

        var starting = (Task<RunningServer>[])[StartAsync(bench, "a"), StartAsync(bench, "b")];
        await using var first = await starting[0];
        await using var second = await starting[1];

        await first.ReadyAsync();
        await second.ReadyAsync();
        (await QueryAsync("select count(*) = count(distinct number) and count(*) > 0 from migrations where module = 'store'")).ShouldBe(true);
        await Eventually.HoldsAsync(async () => await OwnersAsync(bench) is { Count: 2 } owners && owners.All(owner => owner.Value == 32), Cancelled);

        (await first.StopAsync()).ShouldBe(0);
        await Eventually.HoldsAsync(async () => await OwnersAsync(bench) is { Count: 1 } owners && owners.Single().Value == 64, Cancelled);
    }

    [Fact]
    public async Task A_run_looks_on_where_a_node_lives_to_drive_its_job()
    {
        using var bench = await Workbench.CreateAsync(_database);
        await using var server = await StartAsync(bench, "node");
        await server.ReadyAsync();
        var node = (await NodesAsync(bench)).ShouldHaveSingleItem().Incarnation;

        var run = await Aicd.RunAsync(bench.Setup, bench.Run());

        run.ExitCode.ShouldBe(0, run.Errors);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeCompleted();
        lines.Of("START_PLANNING")[0].GetProperty("data").GetProperty("incarnation").GetString().ShouldBe(node);
        await bench.ShouldHaveOnePullRequestAsync();
        (await OwnersAsync(bench)).ShouldHaveSingleItem().Key.ShouldBe(node);
    }

    [Fact]
    public async Task A_run_on_the_data_folder_of_a_node_looks_on_and_without_the_node_is_refused()
    {
        using var bench = await Workbench.CreateAsync(_database);
        await using (var server = await RunningServer.StartAsync(bench.Data, bench.Setup))
        {
            await server.ReadyAsync();
            var run = await Aicd.RunAsync(bench.Setup, bench.Run());
            run.ExitCode.ShouldBe(0, run.Errors);
            RunLines.Parse(run.Output).ShouldBeCompleted();

            var second = await Aicd.RunAsync(bench.Setup, "serve", "--data", bench.Data);
            second.ExitCode.ShouldBe(3);
            second.Errors.ShouldContain($"{bench.Data} is in use by process {server.Process.Id}");
            second.Errors.ShouldContain($"aicd serve at {server.Url.GetLeftPart(UriPartial.Authority)}");
        }

        await using var slow = Aicd.Start(bench.Setup.Slow("00:10:00"), bench.Run());
        await slow.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        var beside = await Aicd.RunAsync(bench.Setup, bench.Run());
        beside.ExitCode.ShouldBe(3);
        beside.Errors.ShouldContain($"{bench.Data} is in use by process {slow.Id}");
    }

    [Fact]
    public async Task A_run_drives_its_own_job_alone_and_leaves_the_others_to_nodes_that_come()
    {
        using var bench = await Workbench.CreateAsync(_database);
        var other = await LeaveOwedAsync(bench);

        await using var run = Aicd.Start(bench.Setup.Slow("00:00:03"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        var own = RunLines.Parse(run.Output).Job;
        (await OwnersAsync(bench)).ShouldHaveSingleItem().Value.ShouldBe(1);

        await using var server = await StartAsync(bench, "node");
        await bench.UntilAsync(other, details => details.Job?.State == JobState.Completed);
        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0);

        var lines = RunLines.Parse(run.Output);
        lines.Job.ShouldBe(own);
        lines.ShouldBeCompleted();
        lines.ShouldHaveFinishedEveryStageOnce();
        await Eventually.HoldsAsync(async () => await OwnersAsync(bench) is { Count: 1 } owners && owners.Single().Value == 64, Cancelled);
    }

    [Fact]
    public async Task Another_node_goes_on_with_the_job_of_one_that_was_killed()
    {
        using var bench = await Workbench.CreateAsync(_database);
        string job;
        await using (var killed = await StartAsync(bench, "killed", "00:00:06"))
        {
            await killed.ReadyAsync();
            await using var run = Aicd.Start(bench.Setup, bench.Run());
            await run.WaitForLineAsync(line => line.Contains("START_CODING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
            job = RunLines.Parse(run.Output).Job;
            await using var heir = await StartAsync(bench, "heir");
            await killed.Process.KillAsync(Cancelled);

            (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0);
            RunLines.Parse(run.Output).ShouldHaveFinishedEveryStageOnce();
        }

        (await bench.DetailsAsync(job)).Attempts.Count(attempt => attempt.Outcome == "interrupted").ShouldBe(1);
        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task A_node_for_the_web_alone_takes_no_shards_and_is_ready_when_an_engine_is_there()
    {
        using var bench = await Workbench.CreateAsync(_database);
        await using var web = await RunningServer.StartAsync(bench.Combine("web"), bench.Setup.With("Role", "web"));
        await Eventually.HoldsAsync(async () => (await NodesAsync(bench)).Count == 1, Cancelled);
        (await OwnersAsync(bench)).ShouldBeEmpty();
        (await web.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await using var engine = await RunningServer.StartAsync(bench.Combine("engine"), bench.Setup.With("Role", "engine"));

        await engine.ReadyAsync();
        await web.ReadyAsync();
        (await OwnersAsync(bench)).ShouldHaveSingleItem().Value.ShouldBe(64);
    }

    private static Task<RunningServer> StartAsync(Workbench bench, string name, string delay = "00:00:00") =>
        RunningServer.StartAsync(bench.Combine(name), bench.Setup.With("NodeName", name).Slow(delay));

    /// <summary>A job that was interrupted while it planned.</summary>
    private static async Task<string> LeaveOwedAsync(Workbench bench)
    {
        await using var run = Aicd.Start(bench.Setup.Slow("00:10:00"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await run.SignalAsync(Signal.Interrupt, Cancelled);
        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
        run.Errors.ShouldContain(line => line.Contains("goes on where a node lives to drive it", StringComparison.Ordinal));
        return RunLines.Parse(run.Output).Job;
    }

    private static async Task<IReadOnlyList<NodeView>> NodesAsync(Workbench bench)
    {
        await using var store = await bench.OpenStoreAsync();
        return (await store.Nodes.ReadAsync(Cancelled)).Nodes;
    }

    /// <summary>How many shards each incarnation owns.</summary>
    private static async Task<Dictionary<string, int>> OwnersAsync(Workbench bench)
    {
        await using var store = await bench.OpenStoreAsync();
        return (await store.Nodes.ReadAsync(Cancelled)).Shards.Select(shard => shard.Owner).OfType<string>().CountBy(owner => owner).ToDictionary();
    }

    private async Task<bool> QueryAsync(string sql)
    {
        await using var connection = await _database!.OpenConnectionAsync(Cancelled);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(Cancelled))!;
    }
}
