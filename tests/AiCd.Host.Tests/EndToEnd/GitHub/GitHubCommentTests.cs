using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>A token and no public address: what people write on an issue is found by looking.</summary>
public sealed class GitHubCommentTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Comments_steer_a_job_from_plan_to_pull_request_and_one_that_was_made_while_AiCd_was_down_is_found()
    {
        await using var bench = await GitHubBench.CreateAsync();
        var setup = bench.WithToken(bench.GitHub.AddToken(GitHubBench.Person)).With("GitHub:Repositories:0", "acme/app").With("GitHub:PollInterval", "00:00:01");
        var issue = bench.GitHub.AddIssue(bench.Repository, "Say more about app.txt", "Describe `src/app.txt` in README.md", "stranger");
        await using (var first = await RunningServer.StartAsync(bench.Data, setup))
        {
            // The first look says from where on comments count; the second is the first that asks for any.
            await Eventually.HoldsAsync(() => bench.GitHub.Count("GET repos/{o}/{r}/issues/comments") > 0, Cancelled);
            bench.GitHub.Say(issue, "/aicd run", "stranger");
            bench.GitHub.Say(issue, "Yes, please\n\n/aicd plan", GitHubBench.Person);
            await TellsAsync("waits for approval");
            (await first.StopAsync()).ShouldBe(0);
        }

        bench.GitHub.Say(issue, "/aicd approve", GitHubBench.Person);
        await using var second = await RunningServer.StartAsync(bench.Data, setup);
        await TellsAsync("is done");
        (await second.StopAsync()).ShouldBe(0);

        bench.Repository.Pulls.ShouldHaveSingleItem();
        issue.Comments.Count.ShouldBe(4);
        var list = await Aicd.RunAsync("jobs", "list", "--data", bench.Data, "--json");
        list.Output.Split("\"COMPLETED\"").Length.ShouldBe(2, list.Output);
        bench.GitHub.Violations.ShouldBeEmpty();

        // It bears the mark of AiCd's own, whoever's token it is written with.
        Task TellsAsync(string told) => Eventually.HoldsAsync(
            () => issue.Comments.ToList().Exists(comment => comment.Body.Contains("aicd:status", StringComparison.Ordinal) && comment.Body.Contains(told, StringComparison.Ordinal)), Cancelled);
    }
}
