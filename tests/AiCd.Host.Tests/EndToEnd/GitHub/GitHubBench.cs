using AiCd.Testing;
using AiCd.Testing.GitHub;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>A GitHub with one repository, and what a node needs to work with it.</summary>
internal sealed class GitHubBench : IAsyncDisposable
{
    public const string Person = "octo";

    private readonly TemporaryFolder _folder = new();

    private GitHubBench(FakeGitHub gitHub, FakeRepository repository)
    {
        GitHub = gitHub;
        Repository = repository;
        Repository.Roles[Person] = "write";
    }

    public FakeGitHub GitHub { get; }

    public FakeRepository Repository { get; }

    public string Data => _folder.Combine("data");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The App, with a look for issues every second.</summary>
    public Setup AsApp => new Setup
    {
        Variables = new Dictionary<string, string?>
        {
            ["GITHUB_API_URL"] = GitHub.ApiUrl,
            ["GITHUB_APP_CLIENT_ID"] = GitHub.App.ClientId,
            ["GITHUB_APP_PRIVATE_KEY_PATH"] = _folder.Combine("key.pem"),
        },
    }.With("GitHub:CaFile", GitHub.CaFile).With("GitHub:WriteSpacing", "00:00:00").With("GitHub:PollInterval", "00:00:01").With("EffectTimeout", "00:00:09");

    public static async Task<GitHubBench> CreateAsync()
    {
        var gitHub = await FakeGitHub.StartAsync();
        var repository = await gitHub.AddRepositoryAsync("acme", "app", new Dictionary<string, string> { ["README.md"] = "# Sample\n", ["src/app.txt"] = "one\n" });
        gitHub.Install(repository);
        var bench = new GitHubBench(gitHub, repository);
        await File.WriteAllTextAsync(bench._folder.Combine("key.pem"), gitHub.App.PrivateKeyPem, Cancelled);
        return bench;
    }

    public Setup WithToken(string token) => new Setup
    {
        Variables = new Dictionary<string, string?> { ["GITHUB_API_URL"] = GitHub.ApiUrl, ["GITHUB_TOKEN"] = token },
    }.With("GitHub:CaFile", GitHub.CaFile).With("GitHub:WriteSpacing", "00:00:00").With("EffectTimeout", "00:00:09");

    public FakeIssue LabelledIssue()
    {
        var issue = GitHub.AddIssue(Repository, "Say more about app.txt", "Describe `src/app.txt` in README.md", Person);
        GitHub.Label(issue, "aicd", Person);
        return issue;
    }

    /// <summary>The branches that jobs made.</summary>
    public async Task<IReadOnlyList<string>> JobBranchesAsync() =>
        [.. (await Repository.Git.ListBranchesAsync(Cancelled)).Where(branch => branch.StartsWith("aicd/", StringComparison.Ordinal))];

    /// <summary>However often it was tried: one of each.</summary>
    public async Task ShouldHaveOneOfEachAsync(FakeIssue issue)
    {
        var branch = (await JobBranchesAsync()).ShouldHaveSingleItem();
        var pull = Repository.Pulls.ShouldHaveSingleItem();
        pull.Branch.ShouldBe(branch);
        pull.Body.ShouldContain($"Closes #{issue.Number}");
        issue.Comments.ShouldHaveSingleItem().Body.ShouldContain($"is done: #{pull.Number}");
        var check = Repository.Checks.ShouldHaveSingleItem();
        check.Sha.ShouldBe(await Repository.Git.ResolveAsync(branch, Cancelled));
        check.Conclusion.ShouldBe("success");
        GitHub.Violations.ShouldBeEmpty();
    }

    public static Task DoneAsync(FakeIssue issue) => Eventually.HoldsAsync(
        () => issue.Comments.Count > 0 && issue.Comments[0].Body.Contains("is done", StringComparison.Ordinal), Cancelled);

    /// <summary>Every text on disk below the data folder.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).Select(path => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path)));

    public async ValueTask DisposeAsync()
    {
        await GitHub.DisposeAsync();

        // A killed node's git lives on for a moment, and writes.
        await Eventually.HoldsAsync(() => !IsInUse(), CancellationToken.None);
        _folder.Dispose();
    }

    private bool IsInUse() => Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])).Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains(Data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is none of ours.
            return false;
        }
    });
}
