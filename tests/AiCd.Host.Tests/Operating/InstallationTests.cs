using System.Text.Json;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;
using Npgsql;

namespace AiCd.Host.Tests.Operating;

/// <summary>A cluster of two nodes under the hands of its operator, by its database and by a server.</summary>
public sealed class InstallationTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private Workbench _bench = null!;
    private RunningServer _one = null!;
    private RunningServer _two = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        _bench = await Workbench.CreateAsync(_database);
        var starting = (Task<RunningServer>[])[StartAsync("one"), StartAsync("two")];
        (_one, _two) = (await starting[0], await starting[1]);
        await _one.ReadyAsync();
        await _two.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        _bench.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_node_is_taken_out_of_the_sharing_of_work_and_let_again()
    {
        (await ByDatabaseAsync("rebalance")).EnsureSuccess().Output.ShouldMatch("one +alive +yes +32 ");

        (await ByDatabaseAsync("drain", "one")).EnsureSuccess().Output.ShouldMatch("one +drained +yes +0 ");
        (await Aicd.RunAsync(_two.Client, "cluster", "nodes")).EnsureSuccess().Output.ShouldMatch("two +alive +yes +64 ");
        var two = JsonOf(await Aicd.RunAsync(_two.Client, "cluster", "nodes", "--json")).EnumerateArray()
            .Single(node => node.GetProperty("name").GetString() == "two").GetProperty("incarnation").GetString();
        var tail = Aicd.Start(_bench.Setup, "tail", "--data", _bench.Combine("here"), "--event", "START_CODING", "--count", "1", "--json");
        await using (tail)
        {
            // It begins when it is connected, which it does not tell.
            await Eventually.HoldsAsync(async () =>
            {
                var lines = RunLines.Parse((await Aicd.RunAsync(_two.Client, "watch", await SubmitAsync(), "--json")).EnsureSuccess().Output);
                lines.Of("START_CODING")[0].GetProperty("data").GetProperty("incarnation").GetString().ShouldBe(two);
                return tail.HasExited;
            }, Cancelled);
            var told = JsonDocument.Parse(tail.Output.ShouldHaveSingleItem()).RootElement;
            (told.GetProperty("event").GetString(), told.GetProperty("state").GetString(), told.GetProperty("node").GetString()).ShouldBe(("START_CODING", "CODING", two));
        }

        (await Aicd.RunAsync(_one.Client, "undrain", "one", "--json")).EnsureSuccess().Output.ShouldContain("\"drained\":false");
        (await Aicd.RunAsync(_one.Client, "rebalance", "--json")).EnsureSuccess();

        foreach (var refused in (ProcessResult[])[await ByDatabaseAsync("drain", "three"), await Aicd.RunAsync(_one.Client, "undrain", "three")])
        {
            refused.ExitCode.ShouldBe(2);
            refused.Errors.ShouldContain("NODE: expected ");
            refused.Errors.ShouldContain("(one, two), got 'three'");
        }
    }

    [Fact]
    public async Task A_quarantined_job_is_taken_up_by_its_owner_when_its_history_was_put_right_and_somebody_redrives_it()
    {
        (await ByDatabaseAsync("pool", "PLANNING", "pause")).EnsureSuccess();
        await Eventually.HoldsAsync(async () => JsonOf(await Aicd.RunAsync(_one.Client, "pool", "PLANNING", "--json")).GetProperty("paused").GetBoolean(), Cancelled);
        var job = await SubmitAsync();
        await _one.StopAsync();
        var payload = await ExecuteAsync($"select encode(payload, 'hex') from journal where job_id = '{job}' and seq_nr = 1");
        await ExecuteAsync($"update journal set payload = '\\x7b' where job_id = '{job}' and seq_nr = 1");
        await _two.StopAsync();
        await using var three = await StartAsync("three");
        await three.ReadyAsync();

        var letter = JsonOf(await ByDatabaseAsync("deadletters", "--json")).EnumerateArray().ShouldHaveSingleItem();
        (letter.GetProperty("kind").GetString(), letter.GetProperty("id").GetString()).ShouldBe(("job", job));
        (await Aicd.RunAsync(three.Client, "deadletters")).EnsureSuccess().Output.ShouldContain($"job           {job}");
        foreach (var refused in (ProcessResult[])[await ByDatabaseAsync("deadletters", "redrive", "job", job), await Aicd.RunAsync(three.Client, "deadletters", "redrive", "job", job)])
        {
            refused.ExitCode.ShouldBe(1);
            refused.Errors.ShouldContain("event 1 (SUBMITTED)");
        }

        await ExecuteAsync($"update journal set payload = decode('{payload}', 'hex') where job_id = '{job}' and seq_nr = 1");
        (await ByDatabaseAsync("deadletters", "redrive", "job", job)).EnsureSuccess();
        (await ByDatabaseAsync("pool", "PLANNING", "resume")).EnsureSuccess();
        (await Aicd.RunAsync(three.Client, "watch", job)).EnsureSuccess();
    }

    [Fact]
    public async Task Every_command_that_looks_works_on_a_terminal_and_for_programs_by_the_database_and_by_a_node()
    {
        var job = await SubmitAsync();
        (await Aicd.RunAsync(_one.Client, "watch", job)).EnsureSuccess();

        await EveryCommand.ShouldWorkAsync(_two.Client, job, hasNode: true);
        await EveryCommand.ShouldWorkAsync(_bench.Setup with { Variables = new(_bench.Setup.Variables) { ["AiCd__DataFolder"] = _bench.Combine("here") } }, job, hasNode: false);
    }

    private Task<RunningServer> StartAsync(string name) => RunningServer.StartAsync(_bench.Combine(name), _bench.Setup.With("NodeName", name));

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }

    private Task<ProcessResult> ByDatabaseAsync(params string[] arguments) => Aicd.RunAsync(_bench.Setup, [.. arguments, "--data", _bench.Combine("here")]);

    private async Task<string> SubmitAsync() =>
        JsonOf(await Aicd.RunAsync(_one.Client, "submit", "--repo", _bench.Repository.Location, "--issue", _bench.Issue, "--json")).GetProperty("jobId").GetString()!;

    private static JsonElement JsonOf(ProcessResult result) => JsonDocument.Parse(result.EnsureSuccess().Output).RootElement;
}
