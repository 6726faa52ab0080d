using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Jobs;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A repository with an issue for it and a data folder, all in temporary folders.</summary>
internal sealed class Workbench : IDisposable
{
    public const string Pulls = "refs/aicd/pulls";

    private readonly TemporaryFolder _folder = new();

    private Workbench(GitRepository repository) => Repository = repository;

    public GitRepository Repository { get; }

    public string Data => _folder.Combine("data");

    public string Issue => _folder.Combine("issue.md");

    public string Database => Path.Combine(Data, "aicd.db");

    public static async Task<Workbench> CreateAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var workbench = new Workbench(await GitRepository.CreateAsync(
            new Dictionary<string, string> { ["README.md"] = "# Sample\n", ["src/app.txt"] = "one\ntwo\n" }, cancellationToken));
        await File.WriteAllTextAsync(workbench.Issue, "# Say more about app.txt\n\n- describe `src/app.txt` in README.md\n", cancellationToken);
        return workbench;
    }

    public string Combine(params ReadOnlySpan<string> parts) => _folder.Combine(parts);

    public string[] Run(params string[] more) => ["run", "--repo", Repository.Location, "--issue", Issue, "--data", Data, "--json", .. more];

    public string[] Resume(string job) => ["run", "--resume", job, "--data", Data, "--json"];

    /// <summary>The branches that jobs made.</summary>
    public async Task<IReadOnlyList<string>> JobBranchesAsync() =>
        [.. (await Repository.ListBranchesAsync(TestContext.Current.CancellationToken)).Where(branch => branch.StartsWith("aicd/", StringComparison.Ordinal))];

    /// <summary>The refs of pull requests.</summary>
    public async Task<IReadOnlyList<string>> PullRequestsAsync() =>
        (await Repository.GitAsync(["for-each-ref", "--format=%(refname)", Pulls], TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the journal tells of a job, also while another process writes to it.</summary>
    public async Task<JobDetails> DetailsAsync(string job)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(Data, cancellationToken: TestContext.Current.CancellationToken);
        return await JobDetails.ReadAsync(store.Journal, JobId.Parse(job), TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the journal tells what is expected.</summary>
    public Task UntilAsync(string job, Func<JobDetails, bool> fits) =>
        Eventually.HoldsAsync(async () => fits(await DetailsAsync(job)), TestContext.Current.CancellationToken);

    /// <summary>However often it was tried: one branch, one pull request.</summary>
    public async Task ShouldHaveOnePullRequestAsync()
    {
        (await JobBranchesAsync()).Count.ShouldBe(1);
        (await PullRequestsAsync()).ShouldBe([$"{Pulls}/1"]);
    }

    public void Dispose()
    {
        Repository.Dispose();
        _folder.Dispose();
    }
}
