using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

public sealed partial class GitHubTests
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
    public async Task A_signed_webhook_leads_to_a_pull_request_with_a_comment_that_tells_of_every_state_and_a_check_and_no_secret_is_anywhere()
    {
        await using var bench = await GitHubBench.CreateAsync(policy: "version: 1\ntest: env\nagent: mock\nlabels: [from-base]\n");
        await using var samples = new ProcessSamples();

        // The agent that the repository asks for works, not the one for issues in general, which is not configured.
        await using var server = await RunningServer.StartAsync(bench.Data, bench.ByWebhook.Slow("00:00:02").With("GitHub:Agent", "command"));
        await server.ReadyAsync();

        var issue = bench.LabelledIssue();
        await bench.DeliverAsync(server, "issues", "labeled", new JsonObject
        {
            ["issue"] = new JsonObject { ["number"] = issue.Number, ["title"] = "Not what the issue says", ["body"] = null },
            ["label"] = new JsonObject { ["name"] = "AiCd" },
        });
        await GitHubBench.DoneAsync(issue);
        var record = await RecordAsync(server, StatusLine().Match(issue.Comments[0].Body).Groups[1].Value);
        (await server.StopAsync()).ShouldBe(0);

        await bench.ShouldHaveOneOfEachAsync(issue);
        bench.Repository.Pulls[0].Title.ShouldBe(issue.Title);
        bench.Repository.Pulls[0].Labels.ShouldContain("from-base");
        var history = string.Join('\n', issue.Comments[0].History);
        foreach (var told in new[] { "plans", "writes the change", "reviews the change", "is done" })
        {
            history.ShouldContain(told);
        }

        var (arguments, sandboxes) = await samples.TakeAsync();
        string[] secrets = [.. bench.GitHub.InstallationTokens.Select(token => token.Value), bench.GitHub.App.PrivateKeyPem.Split('\n')[1], GitHubBench.WebhookSecret];
        secrets = [.. secrets, .. secrets.Select(secret => Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{secret}")))];
        arguments.ShouldContain(line => line.Contains("force-with-lease", StringComparison.Ordinal), "the samples must have seen the push");
        sandboxes.ShouldNotBeEmpty("the samples must have seen the sandbox");
        record.ShouldContain(text => text.Contains("PATH=", StringComparison.Ordinal), customMessage: "the check must have shown its environment");
        bench.Files().ShouldContain(text => text.Contains("repositoryformatversion", StringComparison.Ordinal), "the files must have git's settings among them");
        Leaks(secrets, [.. arguments, .. sandboxes, .. record, .. server.Process.Output, .. server.Process.Errors, .. bench.Files()]).ShouldBeEmpty();
        Leaks(secrets, [history, bench.Repository.Pulls[0].Body, bench.Repository.Checks[0].Summary, bench.Repository.Checks[0].Text]).ShouldBeEmpty();
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

    /// <summary>The job's events, and every artifact that they name.</summary>
    private static async Task<IReadOnlyList<string>> RecordAsync(RunningServer server, string job)
    {
        using var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Client.Variables["AICD_API_KEY"]);
        var texts = new List<string> { await client.GetStringAsync(new Uri($"/api/v1/jobs/{job}/events?limit=1000", UriKind.Relative), Cancelled) };
        var list = JsonNode.Parse(await client.GetStringAsync(new Uri($"/api/v1/jobs/{job}/artifacts", UriKind.Relative), Cancelled))!;
        foreach (var artifact in list["items"]!.AsArray())
        {
            texts.Add(Encoding.Latin1.GetString(await client.GetByteArrayAsync(new Uri((string)artifact!["url"]!, UriKind.RelativeOrAbsolute), Cancelled)));
        }

        texts.Count.ShouldBeGreaterThan(3);
        return texts;
    }

    [GeneratedRegex("Job `([0-9a-z]+)`")]
    private static partial Regex StatusLine();
}
