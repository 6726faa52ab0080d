using System.Globalization;
using AiCd.Testing;
using AiCd.Testing.GitHub;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>Two nodes on one PostgreSQL: one is killed, or stands still, at an effect, and the other goes on with its jobs.</summary>
public sealed class GitHubClusterTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/pulls")]
    [InlineData("/check-runs")]
    public async Task Another_node_goes_on_after_a_kill_at_an_effect_that_was_carried_out(string effect)
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        var setup = Clustered(bench, database);
        var issue = bench.LabelledIssue();
        var trap = new Trap();
        bench.GitHub.Plan(request => request.Method == "POST" && request.Path.EndsWith(effect, StringComparison.Ordinal), new Fault.Stop(trap, After: true));
        await using var first = await RunningServer.StartAsync(bench.Data, setup);
        await trap.Sprung.WaitAsync(Aicd.Patience, Cancelled);
        await using var second = await RunningServer.StartAsync(bench.Data + "-2", setup);
        await second.ReadyAsync();

        await first.Process.KillAsync(Cancelled);
        trap.Release();

        await GitHubBench.DoneAsync(issue);
        (await second.StopAsync()).ShouldBe(0);
        await bench.ShouldHaveOneOfEachAsync(issue);
    }

    [Fact]
    public async Task A_comment_that_a_node_doubles_after_it_stood_still_is_removed()
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        var setup = Clustered(bench, database);
        var issue = bench.LabelledIssue();
        var trap = new Trap();
        bench.GitHub.Plan(request => request.Method == "POST" && request.Path.EndsWith("/comments", StringComparison.Ordinal), new Fault.Stop(trap, After: false));
        await using var first = await RunningServer.StartAsync(bench.Data, setup);
        await trap.Sprung.WaitAsync(Aicd.Patience, Cancelled);
        await first.Process.SignalAsync(Signal.Stop, Cancelled);
        await using var second = await RunningServer.StartAsync(bench.Data + "-2", setup);
        await GitHubBench.DoneAsync(issue);
        var kept = issue.Comments.ShouldHaveSingleItem();

        trap.Release();
        await Eventually.HoldsAsync(() => issue.Comments.Count == 2, Cancelled);
        await first.Process.SignalAsync(Signal.Continue, Cancelled);

        await Eventually.HoldsAsync(() => issue.Comments.Count == 1, Cancelled);
        issue.Comments[0].ShouldBe(kept);
        bench.Repository.Pulls.Count.ShouldBe(1);
    }

    private static Setup Clustered(GitHubBench bench, TestDatabase database) => (bench.AsApp with
    {
        Variables = new Dictionary<string, string?>(bench.AsApp.Variables) { ["AiCd__Postgres"] = database.ConnectionString },
    }).With("Lease", Seconds(6)).With("Renewal", Seconds(1)).With("EffectTimeout", Seconds(4));

    private static string Seconds(int seconds) => TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture);
}
