using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class RetentionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_job_left_on_disk_stays_for_its_retention_and_goes_with_a_later_command()
    {
        using var bench = await Workbench.CreateAsync();
        var first = await RunAsync(bench, new Setup());
        Left(bench).ShouldBe([first]);
        (await PinsAsync(bench)).ShouldContain(first);

        var second = await RunAsync(bench, Setup.Of("Retention:MaxCompleted", "1"));
        Left(bench).ShouldBe([second]);

        await RunAsync(bench, Setup.Of("Retention:Completed", "00:00:00"));
        Left(bench).ShouldBeEmpty();
        (await PinsAsync(bench)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_removes_what_is_kept_no_longer_while_it_runs()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await RunAsync(bench, new Setup());
        await using var server = await RunningServer.StartAsync(bench.Data, Setup.Of("Retention:Completed", "00:00:00").With("Retention:Interval", "00:00:01"));

        await Eventually.HoldsAsync(() => Left(bench).Count == 0, Cancelled);

        (await server.StopAsync()).ShouldBe(0);
        var shown = await Aicd.RunAsync("jobs", "show", job, "--data", bench.Data);
        shown.Output.ShouldContain("COMPLETED");
    }

    [Fact]
    public async Task Histories_go_only_after_all_else()
    {
        var refused = await Aicd.RunAsync(Setup.Of("Retention:Histories", "1.00:00:00"), "jobs", "list");

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("AiCd:Retention:Histories: expected 00:00:00, or a time span of at least 7.00:00:00, got '1.00:00:00'");
    }

    [Fact]
    public async Task A_job_whose_artifacts_are_gone_can_still_be_looked_at()
    {
        using var bench = await Workbench.CreateAsync();
        var job = await RunAsync(bench, new Setup());
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={bench.Database};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = "delete from artifact_refs; delete from artifacts";
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var resumed = await Aicd.RunAsync("run", "--resume", job, "--data", bench.Data);

        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        resumed.Output.ShouldContain("Pull request  #1");
    }

    /// <summary>The refs of the mirror that keep commits of jobs.</summary>
    private static Task<string> PinsAsync(Workbench bench)
    {
        var mirror = Directory.GetDirectories(Path.Combine(bench.Data, "mirrors"), "*.git", SearchOption.AllDirectories).ShouldHaveSingleItem();
        return bench.Repository.GitAsync(["--git-dir", mirror, "for-each-ref", "--format=%(refname)", "refs/aicd/jobs"], Cancelled);
    }

    private static async Task<string> RunAsync(Workbench bench, Setup setup) =>
        RunLines.Parse((await Aicd.RunAsync(setup, bench.Run())).EnsureSuccess().Output).Job;

    /// <summary>The jobs with a folder below the data folder.</summary>
    private static List<string> Left(Workbench bench) =>
        [.. Directory.GetDirectories(Path.Combine(bench.Data, "worktrees")).Select(folder => Path.GetFileName(folder))];
}
