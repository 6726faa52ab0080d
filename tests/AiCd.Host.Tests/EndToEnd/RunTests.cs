using System.Text.Json;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class RunTests(LargeRepository large) : IClassFixture<LargeRepository>
{
    private const string Issue = """
        # Modules: "quote" them & don't $(break) `anything` 🚀

        The modules under src/ are described nowhere. README.md only *counts* them.

        Second paragraph, with "double", 'single' and „German" quotes, a tab	and an emoji family 👩‍👩‍👧‍👦.

        ```csharp
        var text = "--end-of-options\0; rm -rf /";
        // # not a heading
        ```

        > A quotation: 日本語, עברית, العربية

        - [ ] list every module in README.md
        - [x] keep `src/group1/module1.txt` as it is
        1. don't touch anything else

        ~~~
        -- a line that looks like a diff
        +++ b/README.md
        ~~~
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private GitRepository Repository => large.Repository;

    [Fact]
    public async Task An_issue_becomes_a_branch_with_one_commit_that_applies_to_its_base()
    {
        using var data = new TemporaryFolder();
        var issue = data.Combine("issue.md");
        await File.WriteAllTextAsync(issue, Issue, Cancelled);
        await MakeDirtyAsync();
        var (status, base_) = (await StatusAsync(), await Repository.ResolveAsync("main", Cancelled));

        var run = await Aicd.RunAsync("run", "--repo", Repository.Location, "--issue", issue, "--data", data.Combine("data"), "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        var lines = RunLines.Parse(run.Output);
        lines.ShouldBeCompleted();
        var pullRequest = lines.Result.GetProperty("pullRequest");
        var branch = pullRequest.GetProperty("branch").GetString()!;
        var head = await Repository.ResolveAsync($"refs/heads/{branch}", Cancelled);
        head.ShouldBe(pullRequest.GetProperty("headSha").GetString());
        (await Repository.ResolveAsync($"{head}^", Cancelled)).ShouldBe(base_);
        await ShouldApplyAsync(base_, head);
        await ShouldBeRecordedAsync(pullRequest.GetProperty("number").GetInt32(), branch, head);
        run.Errors.ShouldContain("uncommitted changes");
        (await StatusAsync()).ShouldBe(status);
        (await Repository.ResolveAsync("main", Cancelled)).ShouldBe(base_);
    }

    [Fact]
    public async Task The_issue_may_come_from_standard_input_with_title_base_and_a_relative_path()
    {
        using var data = new TemporaryFolder();
        await Repository.CreateBranchAsync("develop", "main~10", Cancelled);
        var setup = new Setup(Path.GetDirectoryName(Repository.Location), Issue);

        var run = await Aicd.RunAsync(
            setup, "run", "--repo", Path.GetFileName(Repository.Location), "--issue", "-", "--title", " A title\n of two lines ", "--base", "develop",
            "--priority", "-7", "--agent", "MOCK", "--data", data.Combine("data"), "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        var lines = RunLines.Parse(run.Output);
        var submission = lines.Of("SUBMITTED")[0].GetProperty("data").GetProperty("submission");
        submission.GetProperty("title").GetString().ShouldBe("A title of two lines");
        submission.GetProperty("baseBranch").GetString().ShouldBe("develop");
        submission.GetProperty("priority").GetInt32().ShouldBe(-7);
        submission.GetProperty("repository").GetString().ShouldBe(Repository.Location);
        var head = lines.Result.GetProperty("pullRequest").GetProperty("headSha").GetString()!;
        (await Repository.ResolveAsync($"{head}^", Cancelled)).ShouldBe(await Repository.ResolveAsync("develop", Cancelled));
    }

    [Fact]
    public async Task A_bare_repository_by_file_url_serves_as_well()
    {
        using var data = new TemporaryFolder();
        using var bare = await Repository.CloneBareAsync(Cancelled);
        var setup = new Setup(Input: "Fix it");

        var run = await Aicd.RunAsync(
            setup, "run", "--repo", new Uri(bare.Location).AbsoluteUri, "--base", "main", "--issue", "-", "--data", data.Combine("data"));

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.ShouldContain("Pull request  #1 Fix it");
        run.Output.ShouldNotContain('\u001b');
        (await bare.GitAsync(["show-ref", "refs/aicd/pulls/1"], Cancelled)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Escape_sequences_of_an_issue_reach_neither_terminal_nor_branch()
    {
        using var data = new TemporaryFolder();
        var setup = new Setup(Input: "# \u001b[31mRed\u001b[0m \u001b]0;owned\u0007\u202Ealert\n\nBody \u001b[2J\n");

        var run = await Aicd.RunAsync(setup, "run", "--repo", Repository.Location, "--base", "main", "--issue", "-", "--data", data.Combine("data"));

        run.ExitCode.ShouldBe(0, run.Errors);
        (run.Output + run.Errors).ShouldNotContain('\u001b');
        (run.Output + run.Errors).ShouldNotContain('\u202E');
        run.Output.ShouldContain("is recorded: Red alert");
    }

    private async Task MakeDirtyAsync()
    {
        await Repository.WriteFileAsync("README.md", "changed and not committed\n", Cancelled);
        await Repository.WriteFileAsync("src/group2/module2.txt", "changed and staged\n", Cancelled);
        await Repository.GitAsync(["add", "src/group2/module2.txt"], Cancelled);
        await Repository.WriteFileAsync("untracked.txt", "new\n", Cancelled);
    }

    /// <summary>Work tree, index and HEAD in one text.</summary>
    private async Task<string> StatusAsync() =>
        await Repository.GitAsync(["status", "--porcelain=v2", "--branch"], Cancelled) + await Repository.GitAsync(["diff"], Cancelled) + await Repository.GitAsync(["diff", "--cached"], Cancelled);

    private async Task ShouldApplyAsync(string base_, string head)
    {
        using var clone = new TemporaryFolder();
        var folder = clone.Combine("clone");
        var patch = clone.Combine("change.patch");
        await Repository.GitAsync(["clone", "--quiet", "--no-checkout", Repository.Location, folder], Cancelled);
        await Repository.GitAsync(["-C", folder, "checkout", "--quiet", "--detach", base_], Cancelled);
        await Repository.GitAsync(["-C", folder, "fetch", "--quiet", "origin", head], Cancelled);
        await Repository.GitAsync(["-C", folder, "format-patch", "-1", "--output", patch, head], Cancelled);
        await Repository.GitAsync(["-C", folder, "apply", "--check", patch], Cancelled);
        await Repository.GitAsync(["-C", folder, "cherry-pick", head], Cancelled);
    }

    private async Task ShouldBeRecordedAsync(int number, string branch, string head)
    {
        using var record = JsonDocument.Parse(await Repository.GitAsync(["cat-file", "blob", $"refs/aicd/pulls/{number}"], Cancelled));
        record.RootElement.GetProperty("branch").GetString().ShouldBe(branch);
        record.RootElement.GetProperty("headSha").GetString().ShouldBe(head);
        record.RootElement.GetProperty("state").GetString().ShouldBe("open");
        record.RootElement.GetProperty("title").GetString()!.ShouldStartWith("Modules: \"quote\" them & don't $(break) `anything` 🚀");
    }
}
