using AiCd.Testing;
using Microsoft.Data.Sqlite;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class DataFolderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/dev/null/data")]
    [InlineData("/proc/data")]
    public async Task A_data_folder_that_cannot_be_written_ends_with_3(string folder)
    {
        using var bench = await Workbench.CreateAsync();

        var run = await Aicd.RunAsync("run", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--data", folder);

        run.ExitCode.ShouldBe(3, run.Errors);
        run.Errors.ShouldContain($"The data folder {folder} cannot be created");
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_left_alone_by_every_command()
    {
        using var bench = await Workbench.CreateAsync();
        (await Aicd.RunAsync(bench.Run())).EnsureSuccess();
        await ExecuteAsync(bench, "insert into migrations (module, number, name, checksum, applied_at) values ('store', 999, 'future', 'x', 0)");

        foreach (var arguments in (string[][])[bench.Run(), ["jobs", "list", "--data", bench.Data], ["serve", "--data", bench.Data, "--urls", "http://127.0.0.1:0"]])
        {
            var refused = await Aicd.RunAsync(arguments);
            refused.ExitCode.ShouldBe(3, refused.Errors);
            refused.Errors.ShouldContain("was written by a newer version: it has migration 999 (future)");
        }
    }

    [Fact]
    public async Task A_folder_without_a_store_has_no_jobs_to_show()
    {
        using var folder = new TemporaryFolder();

        var list = await Aicd.RunAsync("jobs", "list", "--data", folder.Location);

        list.ExitCode.ShouldBe(3);
        list.Errors.ShouldContain($"There is no store in {folder.Location}");
        Directory.EnumerateFileSystemEntries(folder.Location).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_data_folder_is_by_default_where_such_data_belongs()
    {
        using var folder = new TemporaryFolder();

        var list = await Aicd.RunAsync(new Setup { Variables = new() { ["XDG_DATA_HOME"] = folder.Location } }, "jobs", "list");

        list.ExitCode.ShouldBe(3);
        list.Errors.ShouldContain($"There is no store in {folder.Combine("aicd")}");
    }

    [Fact]
    public async Task A_job_that_is_not_there_cannot_be_resumed()
    {
        using var bench = await Workbench.CreateAsync();

        foreach (var (job, message) in ((string, string)[])[
            ("1aaaaaaaaaaaaaaa", "--resume: expected a job of this data folder, got '1aaaaaaaaaaaaaaa', which is none"),
            ("1a", "--resume: expected a job of this data folder, got '1a', which is none"),
            ("no job!", "--resume: expected a job's id or the beginning of one (16 characters of 0-9 and a-z), got 'no job!'")])
        {
            var refused = await Aicd.RunAsync(bench.Resume(job));
            refused.ExitCode.ShouldBe(2, refused.Errors);
            refused.Errors.ShouldContain(message);
        }
    }

    [Fact]
    public async Task A_job_whose_history_is_corrupt_is_set_aside_and_the_others_go_on()
    {
        using var bench = await Workbench.CreateAsync();
        var sound = await LeaveOwedAsync(bench);
        var corrupt = await LeaveOwedAsync(bench);
        await ExecuteAsync(bench, $"update journal set payload = x'7b' where job_id = '{corrupt}' and seq_nr = 2");
        var reason = $"event 2 (START_PLANNING) of job {corrupt}: the payload of START_PLANNING cannot be read";

        var resumed = await Aicd.RunAsync(bench.Resume(corrupt));
        resumed.ExitCode.ShouldBe(1, resumed.Errors);
        resumed.Errors.ShouldContain($"Job {corrupt} is quarantined: {reason}");

        var shown = await Aicd.RunAsync("jobs", "show", corrupt, "--data", bench.Data);
        shown.ExitCode.ShouldBe(0, shown.Errors);
        shown.Output.ShouldContain($"Quarantined   {reason}");

        var listed = await Aicd.RunAsync("jobs", "list", "--data", bench.Data);
        listed.Output.ShouldContain($"{corrupt}  QUARANTINED");

        await using var server = await RunningServer.StartAsync(bench.Data);
        await bench.UntilAsync(sound, details => details.Job?.State == Actors.Jobs.JobState.Completed);
        await server.ReadyAsync();
        server.Process.Errors.ShouldContain(line => line.Contains($"Job {corrupt} is quarantined: event 2", StringComparison.Ordinal));
        (await server.StopAsync()).ShouldBe(0);
    }

    private static async Task<string> LeaveOwedAsync(Workbench bench)
    {
        await using var run = Aicd.Start(new Setup().Slow("00:10:00"), bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_PLANNING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        await run.KillAsync(Cancelled);
        return RunLines.Parse(run.Output).Job;
    }

    private static async Task ExecuteAsync(Workbench bench, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={bench.Database};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);
    }
}
