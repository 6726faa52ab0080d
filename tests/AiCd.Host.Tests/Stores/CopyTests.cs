using System.Text.Json;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;
using Npgsql;

namespace AiCd.Host.Tests.Stores;

public sealed class CopyTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestDatabase _database = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Data => _folder.Combine("data");

    private Setup Configured => new() { Variables = new() { ["AiCd__Postgres"] = _database.ConnectionString } };

    public async ValueTask InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_store_moves_to_a_database_and_back_without_losing_anything()
    {
        await FillAsync(60);

        var copied = await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data);
        copied.ExitCode.ShouldBe(0, copied.Errors);
        copied.Output.ShouldContain("564 events of 60 jobs are in the database ");
        copied.Output.ShouldContain("and every job replays to what it was");
        var check = await Aicd.RunAsync(Configured, "db", "check", "--data", _folder.Combine("unused"));
        check.ExitCode.ShouldBe(0, check.Output + check.Errors);
        check.Output.ShouldContain("564 events of 60 jobs (6 of them to be recovered), 60 artifacts");
        check.Output.ShouldNotContain("The read model has yet to");
        await using (var store = await PostgresStore.OpenAsync(_database.ConnectionString, cancellationToken: Cancelled))
        {
            (await store.PoolSettings.ReadAsync(Cancelled)).ShouldHaveSingleItem().Concurrency.ShouldBe(7);
            (await store.Inbox.PendingAsync([.. Enumerable.Range(0, 64)], 10, Cancelled)).Count.ShouldBe(1);
            (await store.Journal.FindClaimAsync("default", "idempotency", "key-0", Cancelled)).ShouldNotBeNull();

            // The database goes on counting where the copied rows end.
            await store.Inbox.PostAsync(new InboxCommand(Guid.NewGuid(), Actors.Jobs.JobId.Parse("1zzzzzzzzzzzz001"), "default", "{}"u8.ToArray()), Cancelled);
            (await store.Inbox.PendingAsync([.. Enumerable.Range(0, 64)], 10, Cancelled)).Count.ShouldBe(2);
        }

        var back = await Aicd.RunAsync(Configured, "db", "copy", "--from", "postgres", "--to", "sqlite", "--data", _folder.Combine("back"), "--json");
        back.ExitCode.ShouldBe(0, back.Errors);
        using var told = JsonDocument.Parse(back.Output);
        told.RootElement.GetProperty("rows").GetProperty("journal").GetInt64().ShouldBe(564);
        told.RootElement.GetProperty("jobs").GetInt32().ShouldBe(60);
        (await Aicd.RunAsync("db", "check", "--data", _folder.Combine("back"))).EnsureSuccess();
        foreach (var job in await JobsAsync(Data))
        {
            (await ExportAsync(_folder.Combine("back"), job)).ShouldBe(await ExportAsync(Data, job));
        }
    }

    [Fact]
    public async Task The_database_of_nodes_that_served_moves_too_with_its_tenants_and_keys()
    {
        string job;
        using (var bench = await Workbench.CreateAsync(_database))
        {
            await using var server = await RunningServer.StartAsync(bench.Data, bench.Setup);
            await server.ReadyAsync();
            using var made = JsonDocument.Parse((await Aicd.RunAsync(server.Client, "submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--json")).EnsureSuccess().Output);
            job = made.RootElement.GetProperty("jobId").GetString()!;
            (await Aicd.RunAsync(server.Client, "watch", job)).EnsureSuccess();
            (await server.StopAsync()).ShouldBe(0);
        }

        var embedded = await Aicd.RunAsync(Configured, "db", "copy", "--from", "postgres", "--to", "sqlite", "--data", Data);
        embedded.ExitCode.ShouldBe(0, embedded.Errors);
        (await Aicd.RunAsync("keys", "list", "--data", Data)).EnsureSuccess().Output.ShouldContain("local");
        (await Aicd.RunAsync("show", job, "--data", Data)).EnsureSuccess().Output.ShouldContain("COMPLETED");

        (await Aicd.RunAsync(Configured, "db", "backup", _folder.Combine("all.jsonl"), "--data", _folder.Combine("unused"))).EnsureSuccess();
        await using var other = await PostgresServer.CreateDatabaseAsync(Cancelled);
        var restored = await Aicd.RunAsync(Setup.Of("Postgres", other.ConnectionString), "db", "restore", _folder.Combine("all.jsonl"), "--data", _folder.Combine("unused"));
        restored.ExitCode.ShouldBe(0, restored.Errors);
        foreach (var table in (string[])["web_tenants", "web_keys"])
        {
            await using var connection = await other.OpenConnectionAsync(Cancelled);
            await using var count = new NpgsqlCommand($"select count(*) from {table}", connection);
            ((long)(await count.ExecuteScalarAsync(Cancelled))!).ShouldBe(await CountAsync(table));
        }
    }

    [Fact]
    public async Task Tenants_keys_and_the_audit_log_of_a_data_folder_go_where_it_goes_and_the_keys_still_open()
    {
        await FillAsync(2);
        string[] here = ["--data", Data];
        (await Aicd.RunAsync(["tenants", "create", "acme", "--repository", "*", .. here])).EnsureSuccess();
        var key = (await Aicd.RunAsync(["keys", "create", "ci", "--scope", "read,admin", "--tenant", "acme", .. here])).EnsureSuccess().Output.Trim();
        var (backup, archive) = (_folder.Combine("backup.db"), _folder.Combine("backup.jsonl"));
        await using (var server = await RunningServer.StartAsync(Data))
        {
            (await Aicd.RunAsync("db", "backup", backup, "--data", Data)).EnsureSuccess();
            (await Aicd.RunAsync("db", "backup", archive, "--archive", "--data", Data)).EnsureSuccess();
            (await server.StopAsync()).ShouldBe(0);
        }

        (await Aicd.RunAsync("db", "restore", backup, "--data", _folder.Combine("one"))).EnsureSuccess();
        (await Aicd.RunAsync("db", "restore", archive, "--data", _folder.Combine("two"))).EnsureSuccess();
        (await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data)).EnsureSuccess();

        var (keys, audit) = (await KeysAsync(Data), await AuditAsync(Data));
        keys.ShouldContain("acme");
        audit.ShouldBeGreaterThan(0);
        foreach (var copy in new[] { _folder.Combine("one"), _folder.Combine("two") })
        {
            (await KeysAsync(copy)).ShouldBe(keys);
            (await AuditAsync(copy)).ShouldBe(audit);
            File.GetUnixFileMode(Path.Combine(copy, "web.db")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await CountAsync("web_audit")).ShouldBe(audit);
        await using var moved = await RunningServer.StartAsync(_folder.Combine("node"), Configured);
        var client = new Setup { Variables = new() { ["AICD_URL"] = moved.Url.GetLeftPart(UriPartial.Authority), ["AICD_API_KEY"] = key } };
        (await Aicd.RunAsync(client, "keys", "list")).EnsureSuccess().Output.ShouldContain("ci");
    }

    [Fact]
    public async Task A_hundred_thousand_events_move_and_agree()
    {
        await FillAsync(10_640);
        var started = TimeProvider.System.GetTimestamp();

        var copied = await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data, "--json");

        copied.ExitCode.ShouldBe(0, copied.Errors);
        TestContext.Current.TestOutputHelper?.WriteLine($"100,016 events of 10,640 jobs were copied and verified in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        using var told = JsonDocument.Parse(copied.Output);
        told.RootElement.GetProperty("rows").GetProperty("journal").GetInt64().ShouldBe(100_016);
        told.RootElement.GetProperty("jobs").GetInt32().ShouldBe(10_640);
        (await CountAsync("jobs")).ShouldBe(10_640);
    }

    [Fact]
    public async Task A_store_that_has_rows_is_not_copied_into()
    {
        await FillAsync(2);
        (await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data)).EnsureSuccess();

        var again = await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data);

        again.ExitCode.ShouldBe(2);
        again.Errors.ShouldContain("expected an empty store, got one with rows in");
        (await CountAsync("journal")).ShouldBe(20);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_not_copied_from_and_nothing_is_made()
    {
        using var bench = await Workbench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data);

        var refused = await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", bench.Data);

        refused.ExitCode.ShouldBe(3);
        refused.Errors.ShouldContain($"is in use by process {server.Process.Id}");
        (await TablesAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("sqlite", "postgres")]
    [InlineData("postgres", "sqlite")]
    public async Task A_database_on_which_a_node_lives_is_neither_copied_from_nor_into(string from, string to)
    {
        await FillAsync(1);
        await using var store = await PostgresStore.OpenAsync(_database.ConnectionString, cancellationToken: Cancelled);
        await store.Nodes.JoinAsync("busy-node", takesShards: true, TimeSpan.FromMinutes(5), Cancelled);

        var data = from == "sqlite" ? Data : _folder.Combine("fresh");
        var refused = await Aicd.RunAsync(Configured, "db", "copy", "--from", from, "--to", to, "--data", data);

        refused.ExitCode.ShouldBe(3);
        refused.Errors.ShouldContain("is in use by busy-node: stop its nodes first");
        (await CountAsync("journal")).ShouldBe(0);
    }

    [Fact]
    public async Task A_copy_that_is_killed_leaves_nothing_and_can_be_begun_again()
    {
        await FillAsync(40);
        await using (await PostgresStore.OpenAsync(_database.ConnectionString, cancellationToken: Cancelled))
        {
        }

        // The copy waits at its third table, with two of them written.
        await using (var blocker = await _database.OpenConnectionAsync(Cancelled))
        {
            await using var transaction = await blocker.BeginTransactionAsync(Cancelled);
            await using var block = new NpgsqlCommand("lock table journal in share mode", blocker, transaction);
            await block.ExecuteNonQueryAsync(Cancelled);
            await using var copy = Aicd.Start(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data);
            await copy.WaitForErrorLineAsync(line => line.StartsWith("artifacts: 40 rows", StringComparison.Ordinal), Aicd.Patience, Cancelled);
            await copy.KillAsync(Cancelled);
        }

        await _database.TerminateSessionsAsync(Cancelled);
        await using (var pooled = new NpgsqlConnection(_database.ConnectionString))
        {
            // The pool does not know yet that its connections are gone too.
            NpgsqlConnection.ClearPool(pooled);
        }

        (await CountAsync("artifacts")).ShouldBe(0);

        var again = await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data);
        again.ExitCode.ShouldBe(0, again.Errors);
        (await CountAsync("journal")).ShouldBe(376);
    }

    [Fact]
    public async Task What_the_target_has_no_place_for_is_named()
    {
        await FillAsync(1);
        await using (await PostgresStore.OpenAsync(_database.ConnectionString, cancellationToken: Cancelled))
        {
        }

        await ExecuteAsync("alter table claims add column note text");

        var refused = await Aicd.RunAsync(Configured, "db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data);

        refused.ExitCode.ShouldBe(3);
        refused.Errors.ShouldContain("The two are not of the same version: table claims has columns");
    }

    [Theory]
    [InlineData("--from sqlite --to sqlite", "--to: expected another store than --from, got 'sqlite' for both")]
    [InlineData("--from oracle --to sqlite", "--from: expected sqlite or postgres, got 'oracle'")]
    [InlineData("--from sqlite --to postgres", "--to postgres: expected a connection string in --postgres or AiCd__Postgres, got none")]
    [InlineData("--from sqlite --to postgres --postgres nonsense", "--postgres: expected a connection string such as")]
    [InlineData("--from sqlite", "--to")]
    public async Task Wrong_usage_is_named_and_ends_with_2(string arguments, string message)
    {
        var refused = await Aicd.RunAsync(["db", "copy", .. arguments.Split(' '), "--data", Data]);

        refused.ExitCode.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain(message);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_without_its_password()
    {
        await FillAsync(1);

        var refused = await Aicd.RunAsync("db", "copy", "--from", "sqlite", "--to", "postgres", "--data", Data, "--postgres", "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hunter2");

        refused.ExitCode.ShouldBe(3);
        refused.Errors.ShouldContain("The database cannot be reached");
        refused.Errors.ShouldNotContain("hunter2");
    }

    private static async Task<string> KeysAsync(string data) => (await Aicd.RunAsync("keys", "list", "--json", "--data", data)).EnsureSuccess().Output;

    private static async Task<long> AuditAsync(string data)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "web.db")};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync(Cancelled);
        await using var count = connection.CreateCommand();
        count.CommandText = "select count(*) from web_audit";
        return (long)(await count.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task FillAsync(int jobs)
    {
        await using var store = await SqliteStore.OpenAsync(Data, cancellationToken: Cancelled);
        await SeededStore.FillAsync(store, jobs, Cancelled);
    }

    private static async Task<IReadOnlyList<string>> JobsAsync(string data)
    {
        using var list = JsonDocument.Parse((await Aicd.RunAsync("list", "--limit", "5", "--json", "--data", data)).EnsureSuccess().Output);
        return [.. list.RootElement.EnumerateArray().Select(job => job.GetProperty("jobId").GetString()!)];
    }

    private static async Task<string> ExportAsync(string data, string job) => (await Aicd.RunAsync("export", job, "--data", data)).EnsureSuccess().Output;

    private Task<long> CountAsync(string table) => QueryAsync($"select count(*) from {table}");

    private Task<long> TablesAsync() => QueryAsync("select count(*) from pg_tables where schemaname = 'public'");

    private async Task<long> QueryAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
