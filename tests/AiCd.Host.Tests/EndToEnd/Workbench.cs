using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Jobs;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A repository with an issue for it and a data folder, all in temporary folders; with a database of its own where a cluster is tried.</summary>
internal sealed class Workbench : IDisposable
{
    public const string Pulls = "refs/aicd/pulls";

    private readonly TemporaryFolder _folder = new();

    private readonly string? _postgres;

    private Workbench(GitRepository repository, string? postgres) => (Repository, _postgres) = (repository, postgres);

    public GitRepository Repository { get; }

    public string Data => _folder.Combine("data");

    public string Issue => _folder.Combine("issue.md");

    public string Database => Path.Combine(Data, "aicd.db");

    /// <summary>What commands need to find the store; leases are short, so that tests need not wait long for their end.</summary>
    public Setup Setup => _postgres is null
        ? new Setup()
        : Setup.Of("Postgres", _postgres).With("Lease", "00:00:04").With("Renewal", "00:00:01").With("EffectTimeout", "00:00:02");

    /// <param name="database">Null for a store in the data folder. Whoever gives it disposes it after the workbench.</param>
    public static async Task<Workbench> CreateAsync(TestDatabase? database = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var repository = await GitRepository.CreateAsync(
            new Dictionary<string, string> { ["README.md"] = "# Sample\n", ["src/app.txt"] = "one\ntwo\n" }, cancellationToken);
        var workbench = new Workbench(repository, database?.ConnectionString);
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

    /// <summary>What the journal tells of a job.</summary>
    public async Task<JobDetails> DetailsAsync(string job)
    {
        await using var store = await OpenStoreAsync();
        return await JobDetails.ReadAsync(store.Journal, JobId.Parse(job), TestContext.Current.CancellationToken);
    }

    /// <summary>To look at it, also while other processes write to it.</summary>
    public async Task<IStore> OpenStoreAsync() => _postgres is null
        ? await SqliteStore.OpenReadOnlyAsync(Data, cancellationToken: TestContext.Current.CancellationToken)
        : await PostgresStore.OpenReadOnlyAsync(_postgres, cancellationToken: TestContext.Current.CancellationToken);

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
