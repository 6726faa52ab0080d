using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiCd.Testing;
using AiCd.Testing.GitHub;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>A GitHub with one repository, and what a node needs to work with it.</summary>
internal sealed class GitHubBench : IAsyncDisposable
{
    public const string Person = "octo";
    public const string WebhookSecret = "the secret of the webhook 4711";

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

    /// <summary>The App, which hears of issues by its webhook alone.</summary>
    public Setup ByWebhook => (AsApp with { Variables = new Dictionary<string, string?>(AsApp.Variables) { ["GITHUB_WEBHOOK_SECRET"] = WebhookSecret } }).With("GitHub:Poll", "false");

    /// <param name="policy">The base branch's <c>.aicd.yml</c>, or null for none.</param>
    public static async Task<GitHubBench> CreateAsync(string? policy = null)
    {
        var gitHub = await FakeGitHub.StartAsync();
        var files = new Dictionary<string, string> { ["README.md"] = "# Sample\n", ["src/app.txt"] = "one\n" };
        if (policy is not null)
        {
            files[".aicd.yml"] = policy;
        }

        var repository = await gitHub.AddRepositoryAsync("acme", "app", files);
        gitHub.Install(repository);
        var bench = new GitHubBench(gitHub, repository);
        await File.WriteAllTextAsync(bench._folder.Combine("key.pem"), gitHub.App.PrivateKeyPem, Cancelled);
        return bench;
    }

    public Setup WithToken(string token) => new Setup
    {
        Variables = new Dictionary<string, string?> { ["GITHUB_API_URL"] = GitHub.ApiUrl, ["GITHUB_TOKEN"] = token },
    }.With("GitHub:CaFile", GitHub.CaFile).With("GitHub:WriteSpacing", "00:00:00").With("EffectTimeout", "00:00:09");

    /// <summary>One more, with an installation of its own.</summary>
    public async Task<FakeRepository> AddRepositoryAsync(string name)
    {
        var repository = await GitHub.AddRepositoryAsync("acme", name, new Dictionary<string, string> { ["README.md"] = "# Sample\n", ["src/app.txt"] = "one\n" });
        repository.Roles[Person] = "write";
        GitHub.Install(repository);
        return repository;
    }

    public FakeIssue LabelledIssue(FakeRepository? repository = null)
    {
        var issue = GitHub.AddIssue(repository ?? Repository, "Say more about app.txt", "Describe `src/app.txt` in README.md", Person);
        GitHub.Label(issue, "aicd", Person);
        return issue;
    }

    /// <summary>Tells a server of something on GitHub, as GitHub would.</summary>
    /// <param name="more">Beside the repository, the sender and the installation.</param>
    public async Task DeliverAsync(RunningServer server, string name, string action, JsonObject more, FakeRepository? repository = null)
    {
        var place = repository ?? Repository;
        more["action"] = action;
        more["repository"] = new JsonObject { ["full_name"] = place.FullName };
        more["sender"] = new JsonObject { ["login"] = Person, ["type"] = "User" };
        more["installation"] = new JsonObject { ["id"] = GitHub.App.Installations.First(installation => installation.Repositories.Contains(place)).Id };
        var body = Encoding.UTF8.GetBytes(more.ToJsonString());
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/webhooks/github")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), body))}");
        using var response = await client.SendAsync(request, Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    /// <summary>Tells a server that somebody labelled the issue.</summary>
    public Task DeliverLabelAsync(RunningServer server, FakeIssue issue, FakeRepository? repository = null) => DeliverAsync(
        server,
        "issues",
        "labeled",
        new JsonObject { ["issue"] = new JsonObject { ["number"] = issue.Number }, ["label"] = new JsonObject { ["name"] = "aicd" } },
        repository);

    /// <summary>The branches that jobs made.</summary>
    public async Task<IReadOnlyList<string>> JobBranchesAsync(FakeRepository? repository = null) =>
        [.. (await (repository ?? Repository).Git.ListBranchesAsync(Cancelled)).Where(branch => branch.StartsWith("aicd/", StringComparison.Ordinal))];

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
    public IEnumerable<string> Files() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).Select(path => Encoding.Latin1.GetString(File.ReadAllBytes(path)));

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
