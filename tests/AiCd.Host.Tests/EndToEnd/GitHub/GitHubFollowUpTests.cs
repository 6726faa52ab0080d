using System.Text.Json.Nodes;
using AiCd.Testing;
using AiCd.Testing.GitHub;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

public sealed class GitHubFollowUpTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objections_are_answered_once_each_on_the_same_branch_and_pull_request_and_not_for_ever()
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data, bench.AsApp.With("GitHub:MaxFollowUps", "2"));
        var issue = bench.LabelledIssue();
        await GitHubBench.DoneAsync(issue);
        var pull = bench.Repository.Pulls.ShouldHaveSingleItem();

        var first = await HeadAsync();
        pull.Reviews.Add(new FakeReview(6, "stranger", "CHANGES_REQUESTED", "Rewrite it all", first, []));
        pull.Reviews.Add(new FakeReview(7, GitHubBench.Person, "CHANGES_REQUESTED", "Not like this", first, [("README.md", 1, "Say it in one line")]));
        await AnsweredAsync(first);
        var second = await HeadAsync();
        bench.Repository.Checks.Add(new FakeCheck { Id = 99, Sha = second, Name = "ci", Conclusion = "failure", Summary = "1 test failed" });
        await AnsweredAsync(second);
        var third = await HeadAsync();
        pull.Reviews.Add(new FakeReview(8, GitHubBench.Person, "CHANGES_REQUESTED", "Again", third, []));
        var asked = bench.GitHub.Count("GET repos/{o}/{r}/pulls/{n}/reviews");
        await Eventually.HoldsAsync(() => bench.GitHub.Count("GET repos/{o}/{r}/pulls/{n}/reviews") > asked + 2, Cancelled);
        (await server.StopAsync()).ShouldBe(0);

        bench.Repository.Pulls.Count.ShouldBe(1);
        (await HeadAsync()).ShouldBe(third);
        (await bench.JobBranchesAsync()).ShouldBe([pull.Branch]);
        issue.Comments.Count.ShouldBe(1);
        var list = await Aicd.RunAsync("jobs", "list", "--data", bench.Data, "--json");
        list.Output.Split("\"COMPLETED\"").Length.ShouldBe(4, list.Output);
        bench.GitHub.Violations.ShouldBeEmpty();

        Task<string> HeadAsync() => bench.Repository.Git.ResolveAsync(pull.Branch, Cancelled);

        // Its mark is the last thing that an answer changes.
        async Task AnsweredAsync(string before)
        {
            var body = pull.Body;
            await Eventually.HoldsAsync(async () => pull.Body != body && await HeadAsync() != before, Cancelled);
            await Eventually.HoldsAsync(() => issue.Comments[0].Body.Contains("is done", StringComparison.Ordinal), Cancelled);
        }
    }

    [Fact]
    public async Task A_job_that_waits_for_checks_is_followed_by_one_that_mends_what_failed_and_that_one_ends_when_they_pass()
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data, bench.ByWebhook.With("CompleteOn", "checks_passed"));
        await server.ReadyAsync();
        var issue = bench.LabelledIssue();
        await bench.DeliverLabelAsync(server, issue);
        await Eventually.HoldsAsync(() => issue.Comments.Count > 0 && issue.Comments[0].Body.Contains("opened #", StringComparison.Ordinal), Cancelled);
        var pull = bench.Repository.Pulls.ShouldHaveSingleItem();
        var first = await bench.Repository.Git.ResolveAsync(pull.Branch, Cancelled);
        var opened = issue.Comments[0].Body;

        await CheckedAsync(first, "failure");
        await Eventually.HoldsAsync(
            async () => issue.Comments[0].Body != opened && issue.Comments[0].Body.Contains("opened #", StringComparison.Ordinal) && await bench.Repository.Git.ResolveAsync(pull.Branch, Cancelled) != first,
            Cancelled);
        var second = await bench.Repository.Git.ResolveAsync(pull.Branch, Cancelled);
        await CheckedAsync(second, "success");
        await GitHubBench.DoneAsync(issue);
        (await server.StopAsync()).ShouldBe(0);

        bench.Repository.Pulls.ShouldHaveSingleItem();
        (await bench.JobBranchesAsync()).ShouldBe([pull.Branch]);
        issue.Comments.ShouldHaveSingleItem();
        var list = await Aicd.RunAsync("jobs", "list", "--data", bench.Data, "--json");
        list.Output.Split("\"COMPLETED\"").Length.ShouldBe(3, list.Output);

        async Task CheckedAsync(string sha, string conclusion)
        {
            bench.Repository.Checks.Add(new FakeCheck { Id = 90 + bench.Repository.Checks.Count, Sha = sha, Name = "ci", Conclusion = conclusion, Summary = "1 test ran" });
            await bench.DeliverAsync(server, "check_suite", "completed", new JsonObject
            {
                ["check_suite"] = new JsonObject { ["conclusion"] = conclusion, ["pull_requests"] = new JsonArray(new JsonObject { ["number"] = pull.Number }) },
            });
        }
    }

    [Theory]
    [InlineData("merged", "is done")]
    [InlineData("closed", "was cancelled")]
    [InlineData("told to", "was cancelled")]
    public async Task A_job_that_waits_for_the_merge_ends_with_its_pull_request_or_by_a_command_in_a_review_that_no_webhook_told_of(string what, string told)
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data, bench.AsApp.With("CompleteOn", "merged"));
        var issue = bench.LabelledIssue();
        await Eventually.HoldsAsync(() => issue.Comments.Count > 0 && issue.Comments[0].Body.Contains("opened #", StringComparison.Ordinal), Cancelled);
        var pull = bench.Repository.Pulls.ShouldHaveSingleItem();

        if (what == "told to")
        {
            pull.Reviews.Add(new FakeReview(7, GitHubBench.Person, "COMMENTED", "Not now\n/aicd cancel", "any", []) { SubmittedAt = TimeProvider.System.GetUtcNow() });
            await Eventually.HoldsAsync(() => pull.State == "closed", Cancelled);
        }

        if (what == "merged")
        {
            bench.GitHub.Merge(bench.Repository, pull);
            issue.State.ShouldBe("closed");
        }

        pull.State = "closed";

        await Eventually.HoldsAsync(() => issue.Comments[0].Body.Contains(told, StringComparison.Ordinal), Cancelled);
    }

    [Fact]
    public async Task Jobs_that_wait_for_the_merge_are_done_by_it_though_github_tells_first_that_it_closed_the_issue()
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data, bench.ByWebhook.With("CompleteOn", "merged"));
        await server.ReadyAsync();
        FakeIssue[] issues = [bench.LabelledIssue(), bench.LabelledIssue()];
        foreach (var issue in issues)
        {
            await bench.DeliverLabelAsync(server, issue);
        }

        await Task.WhenAll(issues.Select(issue => Eventually.HoldsAsync(
            () => issue.Comments.Count > 0 && issue.Comments[0].Body.Contains("opened #", StringComparison.Ordinal), Cancelled)));
        foreach (var (number, issue) in issues.Index())
        {
            var pull = bench.Repository.Pulls.Single(pull => pull.Body.Contains($"Closes #{issue.Number}\n", StringComparison.Ordinal));
            bench.GitHub.Merge(bench.Repository, pull);
            var told = new (string Event, string Part, int Number)[] { ("issues", "issue", issue.Number), ("pull_request", "pull_request", pull.Number) };
            foreach (var (name, part, about) in number == 0 ? told : told.Reverse())
            {
                await bench.DeliverAsync(server, name, "closed", new JsonObject { [part] = new JsonObject { ["number"] = about } });
            }
        }

        await Task.WhenAll(issues.Select(GitHubBench.DoneAsync));
        (await server.StopAsync()).ShouldBe(0);
        bench.GitHub.Violations.ShouldBeEmpty();
    }
}
