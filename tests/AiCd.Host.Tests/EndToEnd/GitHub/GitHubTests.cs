using System.Text;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

public sealed class GitHubTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_on_a_repository_of_github_ends_with_a_pull_request_there()
    {
        await using var bench = await GitHubBench.CreateAsync();
        using var folder = new TemporaryFolder();
        var issue = folder.Combine("issue.md");
        await File.WriteAllTextAsync(issue, "# Say more about app.txt\n\n- describe `src/app.txt`\n", Cancelled);
        var token = bench.GitHub.AddToken(GitHubBench.Person);

        var run = await Aicd.RunAsync(
            bench.WithToken(token), "run", "--repo", $"{bench.GitHub.WebUrl}acme/app", "--issue", issue, "--data", bench.Data, "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        RunLines.Parse(run.Output).ShouldBeCompleted();
        var pull = bench.Repository.Pulls.ShouldHaveSingleItem();
        pull.Author.ShouldBe(GitHubBench.Person);
        (await bench.JobBranchesAsync()).ShouldBe([pull.Branch]);
        bench.Repository.Statuses.ShouldHaveSingleItem().State.ShouldBe("success");
        Leaks([token], [run.Output, run.Errors, .. bench.Files()]).ShouldBeEmpty();
        bench.GitHub.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_label_leads_to_a_pull_request_with_a_comment_that_tells_of_every_state_and_a_check()
    {
        await using var bench = await GitHubBench.CreateAsync();
        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var arguments = Task.Run(() => SampleArgumentsAsync(sampling.Token), Cancelled);
        await using var server = await RunningServer.StartAsync(bench.Data, bench.AsApp.Slow("00:00:02"));

        var issue = bench.LabelledIssue();
        await GitHubBench.DoneAsync(issue);
        (await server.StopAsync()).ShouldBe(0);

        await bench.ShouldHaveOneOfEachAsync(issue);
        var history = string.Join('\n', issue.Comments[0].History);
        foreach (var told in new[] { "plans", "writes the change", "reviews the change", "is done" })
        {
            history.ShouldContain(told);
        }

        await sampling.CancelAsync();
        string[] secrets = [.. bench.GitHub.InstallationTokens.Select(token => token.Value), bench.GitHub.App.PrivateKeyPem.Split('\n')[1]];
        secrets = [.. secrets, .. secrets.Select(secret => Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{secret}")))];
        var lines = await arguments;
        lines.ShouldContain(line => line.Contains("force-with-lease", StringComparison.Ordinal), "the samples must have seen the push");
        Leaks(secrets, [.. lines, .. server.Process.Output, .. server.Process.Errors, .. bench.Files()]).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_issue_that_is_closed_ends_the_job_and_its_comment_says_so()
    {
        await using var bench = await GitHubBench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data, bench.AsApp.Slow("00:05:00"));
        var issue = bench.LabelledIssue();
        await Eventually.HoldsAsync(() => issue.Comments.Count > 0 && issue.Comments[0].Body.Contains("plans", StringComparison.Ordinal), Cancelled);

        issue.State = "closed";

        await Eventually.HoldsAsync(() => issue.Comments[0].Body.Contains("was cancelled", StringComparison.Ordinal), Cancelled);
        bench.Repository.Pulls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_labelled_while_nobody_listened_is_found_at_the_start()
    {
        await using var bench = await GitHubBench.CreateAsync();
        var issue = bench.LabelledIssue();

        await using var server = await RunningServer.StartAsync(bench.Data, bench.AsApp);

        await GitHubBench.DoneAsync(issue);
        await bench.ShouldHaveOneOfEachAsync(issue);
    }

    private static IEnumerable<string> Leaks(IReadOnlyList<string> secrets, IEnumerable<string> texts) =>
        texts.Where(text => secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)));

    private static async Task<IReadOnlyCollection<string>> SampleArgumentsAsync(CancellationToken stop)
    {
        var seen = new HashSet<string>();
        while (!stop.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                try
                {
                    seen.Add(await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), CancellationToken.None));
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }

            await Task.Yield();
        }

        return seen;
    }
}
