using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub;
using AiCd.Testing;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>This part as a node has it, with a fake GitHub as its GitHub.</summary>
internal sealed class GitHubNode : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly ServiceProvider _services;

    public GitHubNode(FakeGitHub fake, IStore store, TimeProvider clock, IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? more = null)
    {
        var values = new Dictionary<string, string?>
        {
            ["AiCd:GitHub:ApiUrl"] = fake.ApiUrl,
            ["AiCd:GitHub:CaFile"] = fake.CaFile,
            ["AiCd:GitHub:WriteSpacing"] = "00:00:00",
        };
        foreach (var (key, value) in settings)
        {
            values[key.StartsWith("AiCd:", StringComparison.Ordinal) ? key : $"AiCd:GitHub:{key}"] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection();
        more?.Invoke(services);
        _services = services
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton(clock)
            .AddSingleton(store)
            .AddAiCdForge(configuration, _data.Location)
            .BuildServiceProvider();
    }

    public static (string Key, string Value)[] AsApp(FakeGitHub fake) => [("ClientId", fake.App.ClientId), ("PrivateKey", fake.App.PrivateKeyPem)];

    public LogLines Log { get; } = new();

    public string DataFolder => _data.Location;

    public IForge Forge => Get<IForge>();

    public IWorkspaces Workspaces => Get<IWorkspaces>();

    public static IStore NewStore(TimeProvider? clock = null) => new InMemoryStore(time: clock);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A job's commit, made as a coding attempt makes it, and the draft of its pull request.</summary>
    public async Task<(PullRequestDraft Draft, byte[] Bundle)> CommitAsync(FakeRepository repository, JobId job, string? branch = null, string? issue = null)
    {
        var address = Get<GitHubHost>().PageOf(new RepositoryName(repository.Owner, repository.Name));
        await using var workspace = await Workspaces.OpenAsync(
            new WorkspaceRequest(job, "default", address, "main", $"a{Guid.NewGuid():N}", null, null), TestContext.Current.CancellationToken);
        var commit = await workspace.CommitAsync(TestForge.Result(new FileChange($"{job}.txt", "1\n2\n")), TestContext.Current.CancellationToken);
        return (
            new PullRequestDraft(job, "default", address, "main", branch ?? $"aicd/{job}-change", commit.Change, "Change things", "Because.", issue),
            commit.Bundle);
    }

    /// <summary>Everything up to the pull request.</summary>
    public async Task<(PullRequestDraft Draft, PullRequestRef PullRequest)> OpenAsync(FakeRepository repository, JobId job, string? branch = null, string? issue = null)
    {
        var (draft, bundle) = await CommitAsync(repository, job, branch, issue);
        await Forge.PushAsync(draft, _ => Task.FromResult(bundle), TestContext.Current.CancellationToken);
        await Forge.ReadyAsync(draft, TestContext.Current.CancellationToken);
        return (draft, await Forge.OpenPullRequestAsync(draft, TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        _services.Dispose();
        _data.Dispose();
    }
}
