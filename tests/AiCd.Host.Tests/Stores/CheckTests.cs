using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;
using Microsoft.Data.Sqlite;

namespace AiCd.Host.Tests.Stores;

public sealed class CheckTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_as_nodes_leave_it_is_sound()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Location);

        var check = await Aicd.RunAsync("db", "check", "--data", folder.Location);

        check.ExitCode.ShouldBe(0, check.Output);
        check.Output.ShouldContain("188 events of 20 jobs (2 of them to be recovered), 20 artifacts (0 that no job holds)");
        check.Output.ShouldEndWith("Sound\n");
    }

    [Theory]
    [InlineData("delete from journal where job_id = :job and seq_nr = 3", "unreadable", "event 4 (START_CODING)", 4)]
    [InlineData("delete from journal where job_id = :job and seq_nr = 3", "position_missing", "shard 0 has no event at position 3", null)]
    [InlineData("update journal set payload = x'7b' where job_id = :job and seq_nr = 2", "unreadable", "the payload of START_PLANNING cannot be read", 2)]
    [InlineData("update journal set event = 'MARK_COMPLETED', payload = x'7b7d' where job_id = :job and seq_nr = 2", "unreadable", "event 2 (MARK_COMPLETED)", 2)]
    [InlineData("update journal set tenant = 'other' where job_id = :job and seq_nr = 2", "wrong_tenant", "belongs to tenant 'other'", 2)]
    [InlineData("update shards set head = head - 1 where shard = 0", "beyond_head", "beyond the head of shard 0", 10)]
    [InlineData("update shards set head = head + 1 where shard = 0", "position_missing", "shard 0 has no event at position 11", null)]
    [InlineData("update artifacts set content = x'00' where sha256 = (select min(sha256) from artifacts)", "artifact_changed", "is not what its hash says", 3)]
    [InlineData("delete from artifacts where sha256 = (select min(sha256) from artifacts)", "artifact_missing", "the plan ", 3)]
    [InlineData("delete from artifact_refs where shard = 9", "artifact_not_held", "would be collected, though the job has not ended", 3)]
    [InlineData("insert into active_jobs (shard, job_id) values (0, :job)", "active_though_ended", "though it has ended", null)]
    [InlineData("insert into active_jobs (shard, job_id) values (1, '1zzzzzzzzzzzz001')", "active_without_job", "1zzzzzzzzzzzz001", null)]
    [InlineData("delete from active_jobs where shard = 9", "not_active", "recovery would not bring it back", null)]
    [InlineData("insert into claims (tenant, kind, key, job_id, permanent) values ('default', 'exclusive', 'k', :job, 0)", "claim_though_ended", "exclusive 'k' of tenant 'default'", null)]
    [InlineData("insert into claims (tenant, kind, key, job_id, permanent) values ('default', 'exclusive', 'k', '1zzzzzzzzzzzz001', 0)", "claim_without_job", "1zzzzzzzzzzzz001", null)]
    [InlineData("delete from jobs where id = :job", "view_missing", "the read model does not have job", 10)]
    [InlineData("update jobs set title = 'other' where id = :job", "view_different", "its replay ends in COMPLETED after event 10", 10)]
    [InlineData("update jobs set state = 'FAILED' where id = :job", "view_different", "in FAILED after event 10", 10)]
    [InlineData("update projection_cursors set position = 99 where shard = 0", "cursor_ahead", "the read model stands at 99 in shard 0", null)]
    [InlineData("update meta set value = '32' where key = 'shard_count'", "shard_count", "was made with 32 shards and has 64", null)]
    public async Task What_is_not_as_the_journal_says_is_named_with_job_and_position(string sql, string code, string message, int? seq)
    {
        using var folder = new TemporaryFolder();
        var job = await FillAsync(folder.Location);
        await using (var connection = new SqliteConnection($"Data Source={folder.Combine("aicd.db")};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = sql.Replace(":job", $"'{job}'", StringComparison.Ordinal);
            (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);
        }

        var check = await Aicd.RunAsync("db", "check", "--json", "--data", folder.Location);

        check.ExitCode.ShouldBe(1, check.Output + check.Errors);
        using var report = JsonDocument.Parse(check.Output);
        var problem = report.RootElement.GetProperty("problems").EnumerateArray().First(problem => problem.GetProperty("code").GetString() == code);
        problem.GetProperty("message").GetString()!.ShouldContain(message);
        (problem.GetProperty("seq").ValueKind == JsonValueKind.Null ? (int?)null : problem.GetProperty("seq").GetInt32()).ShouldBe(seq);
    }

    [Fact]
    public async Task Where_histories_were_pruned_their_positions_are_told_and_are_no_problem()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Location);

        var pruned = await Aicd.RunAsync("db", "prune", "--data", folder.Location, "--histories", "365.00:00:00", "--json");
        pruned.ExitCode.ShouldBe(0, pruned.Errors);
        using var line = JsonDocument.Parse(pruned.Output);

        // Its jobs are of a time to come: nothing is old enough.
        line.RootElement.GetProperty("jobsRemoved").GetInt32().ShouldBe(0);

        await using (var store = await SqliteStore.OpenAsync(folder.Location, cancellationToken: Cancelled))
        {
            var view = (await store.Jobs.ListAsync("default", JobState.Completed, before: null, 1, Cancelled)).ShouldHaveSingleItem();
            (await store.Retention.PruneAsync([new EndedJob(view.Id, view.Tenant, view.Seq)], Cancelled)).ShouldBe(1);
        }

        (await Aicd.RunAsync("db", "check", "--data", folder.Location)).ExitCode.ShouldBe(1);
        var told = await Aicd.RunAsync("db", "check", "--pruned", "--data", folder.Location);
        told.ExitCode.ShouldBe(0, told.Output);
        told.Output.ShouldContain("10 positions have no event, as histories that were pruned leave them");
        (await Aicd.RunAsync(Setup.Of("Retention:Histories", "365.00:00:00"), "db", "check", "--data", folder.Location)).EnsureSuccess();

        var wrong = await Aicd.RunAsync("db", "prune", "--histories", "old", "--data", folder.Location);
        wrong.ExitCode.ShouldBe(2);
        wrong.Errors.ShouldContain("--histories: expected a time span such as 90.00:00:00, got 'old'");
    }

    [Fact]
    public async Task A_read_model_that_lags_is_told_and_is_no_problem()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder.Location);
        await using (var connection = new SqliteConnection($"Data Source={folder.Combine("aicd.db")};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = "delete from jobs; update projection_cursors set position = 0";
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var check = await Aicd.RunAsync("db", "check", "--data", folder.Location);

        check.ExitCode.ShouldBe(0, check.Output);
        check.Output.ShouldContain("The read model has yet to take in 188 events");
    }

    [Fact]
    public async Task A_server_that_is_at_work_does_not_disturb_the_check()
    {
        using var bench = await Workbench.CreateAsync();
        (await Aicd.RunAsync(bench.Run())).EnsureSuccess();
        await using var server = await RunningServer.StartAsync(bench.Data);

        var check = await Aicd.RunAsync("db", "check", "--data", bench.Data);

        check.ExitCode.ShouldBe(0, check.Output + check.Errors);
    }

    [Fact]
    public async Task Where_there_is_no_store_there_is_nothing_to_check_and_nothing_is_made()
    {
        using var folder = new TemporaryFolder();

        foreach (var command in (string[][])[["check"], ["backup", folder.Combine("b")], ["copy", "--from", "sqlite", "--to", "postgres", "--postgres", "Host=127.0.0.1;Port=1;Database=x;Username=x"]])
        {
            var refused = await Aicd.RunAsync(["db", .. command, "--data", folder.Location]);
            refused.ExitCode.ShouldBe(3, refused.Errors);
            refused.Errors.ShouldContain("There is no store in");
        }

        Directory.EnumerateFileSystemEntries(folder.Location).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_is_made_and_what_it_would_take_is_told_before()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Combine("data");

        var pending = await Aicd.RunAsync("db", "migrate", "--pending", "--data", data);
        pending.ExitCode.ShouldBe(1);
        pending.Output.ShouldContain("pending  store 0001 store");
        Directory.Exists(data).ShouldBeFalse();

        (await Aicd.RunAsync("db", "migrate", "--data", data)).EnsureSuccess().Output.ShouldContain("applied  store 0001 store");
        using var again = JsonDocument.Parse((await Aicd.RunAsync("db", "migrate", "--json", "--data", data)).EnsureSuccess().Output);
        again.RootElement.GetProperty("applied").GetArrayLength().ShouldBe(0);
        (await Aicd.RunAsync("db", "migrate", "--pending", "--data", data)).EnsureSuccess();
    }

    /// <returns>The first job; it is the only one in shard 0 and has ended.</returns>
    private static async Task<string> FillAsync(string folder)
    {
        await using var store = await SqliteStore.OpenAsync(folder, cancellationToken: Cancelled);
        return (await SeededStore.FillAsync(store, 20, Cancelled))[0].Value;
    }
}
