using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Stores;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_that_was_made_while_a_server_ran_restores_to_a_store_whose_jobs_go_on(bool archive)
    {
        using var bench = await Workbench.CreateAsync();
        var owed = await LeaveOwedAsync(bench);
        var (backup, restored) = (_folder.Combine("backup"), _folder.Combine("restored"));
        await using (await RunningServer.StartAsync(bench.Data, new Setup().Slow("00:10:00")))
        {
            await bench.UntilAsync(owed, details => details.Attempts.Count == 2);
            (await Aicd.RunAsync(["db", "backup", backup, "--data", bench.Data, .. archive ? ["--archive"] : Array.Empty<string>()])).EnsureSuccess();
        }

        File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var restore = await Aicd.RunAsync("db", "restore", backup, "--data", restored);
        restore.ExitCode.ShouldBe(0, restore.Errors);
        restore.Output.ShouldContain("events of 1 jobs are in the data folder");
        (await Aicd.RunAsync("db", "check", "--data", restored)).EnsureSuccess();

        var resumed = await Aicd.RunAsync("run", "--resume", owed, "--data", restored, "--json");
        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        RunLines.Parse(resumed.Output).ShouldHaveFinishedEveryStageOnce();
        await bench.ShouldHaveOnePullRequestAsync();
    }

    [Fact]
    public async Task A_database_is_backed_up_into_an_archive_that_any_engine_restores()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        (await Aicd.RunAsync(Of(database), "db", "migrate")).EnsureSuccess();
        await using (var store = await PostgresStore.OpenAsync(database.ConnectionString, cancellationToken: Cancelled))
        {
            await SeededStore.FillAsync(store, 20, Cancelled);
        }

        var archive = _folder.Combine("archive.jsonl");
        using var told = JsonDocument.Parse((await Aicd.RunAsync(Of(database), "db", "backup", archive, "--json")).EnsureSuccess().Output);
        told.RootElement.GetProperty("events").GetInt64().ShouldBe(188);
        var verified = (await Aicd.RunAsync("verify", archive)).EnsureSuccess().Output;
        verified.ShouldContain("20 jobs replayed");
        verified.ShouldContain(told.RootElement.GetProperty("hash").GetString()!);

        (await Aicd.RunAsync("db", "restore", archive, "--data", _folder.Combine("sqlite"))).EnsureSuccess();
        (await Aicd.RunAsync("db", "check", "--data", _folder.Combine("sqlite"))).EnsureSuccess().Output.ShouldContain("188 events of 20 jobs (2 of them to be recovered)");

        await using var other = await PostgresServer.CreateDatabaseAsync(Cancelled);
        (await Aicd.RunAsync(Of(other), "db", "restore", archive)).EnsureSuccess();
        (await Aicd.RunAsync(Of(other), "db", "check")).EnsureSuccess();
        var again = _folder.Combine("again.jsonl");
        (await Aicd.RunAsync(Of(other), "db", "backup", again)).EnsureSuccess();
        WithoutOwners(await File.ReadAllLinesAsync(again, Cancelled)).ShouldBe(WithoutOwners(await File.ReadAllLinesAsync(archive, Cancelled)));
    }

    [Fact]
    public async Task An_archive_that_was_tampered_with_restores_nothing()
    {
        var data = _folder.Combine("data");
        await using (var store = await SqliteStore.OpenAsync(data, cancellationToken: Cancelled))
        {
            await SeededStore.FillAsync(store, 3, Cancelled);
        }

        var archive = _folder.Combine("archive.jsonl");
        (await Aicd.RunAsync("db", "backup", archive, "--archive", "--data", data)).EnsureSuccess();
        await File.WriteAllTextAsync(archive, (await File.ReadAllTextAsync(archive, Cancelled)).Replace("key-0", "key-9", StringComparison.Ordinal), Cancelled);

        var refused = await Aicd.RunAsync("db", "restore", archive, "--data", _folder.Combine("restored"));

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldContain("expected the hash");
        Directory.Exists(_folder.Combine("restored")).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_an_empty_store_is_restored_into_and_only_from_a_backup()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await LeaveOwedAsync(bench);
        var (backup, export) = (_folder.Combine("backup"), _folder.Combine("job.jsonl"));
        (await Aicd.RunAsync("db", "backup", backup, "--data", bench.Data)).EnsureSuccess();
        (await Aicd.RunAsync("export", job, "--output", export, "--data", bench.Data)).EnsureSuccess();

        foreach (var (file, data, exitCode, message) in ((string, string, int, string)[])[
            (backup, bench.Data, 2, "expected an empty store, got one with rows in"),
            (export, _folder.Combine("x"), 2, "FILE: expected a backup of a store, got one of format aicd.job"),
            (_folder.Combine("nothing"), _folder.Combine("x"), 2, "FILE: expected a backup that can be read"),
            (bench.Issue, _folder.Combine("x"), 1, "line 1: expected a JSON object that ends in its hash")])
        {
            var refused = await Aicd.RunAsync("db", "restore", file, "--data", data);
            refused.ExitCode.ShouldBe(exitCode, refused.Errors);
            refused.Errors.ShouldContain(message);
        }

        var twice = await Aicd.RunAsync("db", "backup", backup, "--data", bench.Data);
        twice.ExitCode.ShouldBe(2);
        twice.Errors.ShouldContain("FILE: expected a file that is not there yet");
        (await bench.DetailsAsync(job)).Job!.State.ShouldBe(JobState.Planning);
    }

    [Fact]
    public async Task A_database_of_some_other_program_is_no_backup()
    {
        var file = _folder.Combine("other.db");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = "create table t (x)";
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var refused = await Aicd.RunAsync("db", "restore", file, "--data", _folder.Combine("x"));

        refused.ExitCode.ShouldBe(3);
        refused.Errors.ShouldContain("is not a store: it is a database of some other program");
    }

    /// <summary>A job that was interrupted in good order while it planned.</summary>
    private static async Task<string> LeaveOwedAsync(Workbench bench)
    {
        await using var run = Aicd.Start(new Setup().Slow("00:10:00"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await run.SignalAsync(Signal.Interrupt, Cancelled);
        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
        return RunLines.Parse(run.Output).Job;
    }

    private static Setup Of(TestDatabase database) => new() { Variables = new() { ["AiCd__Postgres"] = database.ConnectionString } };

    private static IEnumerable<string> WithoutOwners(string[] lines) => lines
        .Where(line => !line.Contains("\"table\":\"shards\"", StringComparison.Ordinal))
        .Select(line => line[..line.LastIndexOf(",\"hash\"", StringComparison.Ordinal)]);
}
