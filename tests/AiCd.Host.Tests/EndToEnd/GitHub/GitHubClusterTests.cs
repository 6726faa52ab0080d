using System.Globalization;
using AiCd.Testing;
using AiCd.Testing.GitHub;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>Two nodes on one PostgreSQL: one is killed, or stands still, at an effect, and the other goes on with its jobs.</summary>
public sealed class GitHubClusterTests
{
    private const string Ended = "select count(*) from journal where event = 'MARK_COMPLETED'";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_are_killed_before_and_after_each_effect_leave_one_of_each()
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        var setup = bench.ByWebhook.With("Postgres", database.ConnectionString)
            .With("Lease", Seconds(8)).With("Renewal", Seconds(1)).With("EffectTimeout", Seconds(6));

        // Each repository has an installation of its own: what waits at one effect holds up no other.
        FakeRepository[] repositories = [bench.Repository, await bench.AddRepositoryAsync("b"), await bench.AddRepositoryAsync("c"), await bench.AddRepositoryAsync("d")];
        var quiet = await bench.AddRepositoryAsync("e");
        var starting = (Task<RunningServer>[])[RunningServer.StartAsync(bench.Data, setup), RunningServer.StartAsync(bench.Data + "-2", setup)];
        await using var first = await starting[0];
        await using var second = await starting[1];

        await SharedAsync(database, nodes: 2);
        await KillAsync(first, ("comment", false), ("push", true), ("check", false), ("pull request", true));
        await using var third = await RunningServer.StartAsync(bench.Data, setup);
        await SharedAsync(database, nodes: 2);
        await KillAsync(second, ("comment", true), ("push", false), ("check", true), ("pull request", false));
        (await third.StopAsync()).ShouldBe(0);

        foreach (var repository in repositories.Append(quiet))
        {
            await ShouldHaveOneOfEachAsync(bench, repository);
        }

        bench.GitHub.Violations.ShouldBeEmpty();
        (await QueryAsync<long>(database, "select count(*) from journal where event = 'ATTEMPT_INTERRUPTED'")).ShouldBeGreaterThanOrEqualTo(2, "the kills must have cut attempts short");

        async Task KillAsync(RunningServer victim, params (string Effect, bool After)[] points)
        {
            var traps = points.Select(_ => new Trap()).ToList();
            var issues = repositories.Append(quiet).Select(bench.LabelledIssue).ToList();
            for (var i = 0; i < points.Length; i++)
            {
                var ((effect, after), page) = (points[i], repositories[i].FullName);
                bench.GitHub.Plan(request => GitHubKillTests.IsEffect(effect, request) && request.Path.Contains(page, StringComparison.Ordinal), new Fault.Stop(traps[i], after));
                await bench.DeliverLabelAsync(victim, issues[i], repositories[i]);
                if (i == 0)
                {
                    // The status of all jobs is shown by one after the other: the one that is stopped there comes first, and of one that
                    // ends meanwhile nothing is shown.
                    await traps[0].Sprung.WaitAsync(Aicd.Patience, Cancelled);
                    await bench.DeliverLabelAsync(victim, issues[^1], quiet);
                    await Eventually.HoldsAsync(async () => quiet.Pulls.Count == quiet.Issues.Count && await QueryAsync<long>(database, Ended) % issues.Count == 1, Cancelled);
                }
            }

            await Task.WhenAll(traps.Select(trap => trap.Sprung)).WaitAsync(Aicd.Patience, Cancelled);
            await victim.Process.KillAsync(Cancelled);
            traps.ForEach(trap => trap.Release());
            await SharedAsync(database, nodes: 1);
            await Task.WhenAll(issues.Select(GitHubBench.DoneAsync));
        }
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

    /// <summary>Two issues, and what was made for each.</summary>
    private static async Task ShouldHaveOneOfEachAsync(GitHubBench bench, FakeRepository repository)
    {
        repository.Issues.Count.ShouldBe(2);
        (await bench.JobBranchesAsync(repository)).ShouldBe(repository.Pulls.Select(pull => pull.Branch), ignoreOrder: true);
        repository.Checks.Count.ShouldBe(2);
        foreach (var issue in repository.Issues)
        {
            var pull = repository.Pulls.Where(pull => pull.Body.Contains($"Closes #{issue.Number}\n", StringComparison.Ordinal)).ShouldHaveSingleItem();
            issue.Comments.ShouldHaveSingleItem().Body.ShouldContain($"is done: #{pull.Number}");
            var head = await repository.Git.ResolveAsync(pull.Branch, Cancelled);
            repository.Checks.Where(check => check.Sha == head).ShouldHaveSingleItem().Conclusion.ShouldBe("success");
        }
    }

    /// <summary>Waits until so many nodes have all shards among them, in equal parts.</summary>
    private static Task SharedAsync(TestDatabase database, int nodes) => Eventually.HoldsAsync(
        () => QueryAsync<bool>(database, $"select count(*) = {nodes} and min(owned) = {64 / nodes} from (select count(*) as owned from shards where owner is not null group by owner) as owners"),
        Cancelled);

    private static async Task<T> QueryAsync<T>(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(Cancelled);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private static Setup Clustered(GitHubBench bench, TestDatabase database) => (bench.AsApp with
    {
        Variables = new Dictionary<string, string?>(bench.AsApp.Variables) { ["AiCd__Postgres"] = database.ConnectionString },
    }).With("Lease", Seconds(6)).With("Renewal", Seconds(1)).With("EffectTimeout", Seconds(4));

    private static string Seconds(int seconds) => TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture);
}
