using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>A GitHub with one repository, and nodes that work with it.</summary>
public abstract class GitHubFixture : IAsyncLifetime
{
    private readonly List<GitHubNode> _nodes = [];

    protected const string Person = "octo";

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected FakeGitHub GitHub { get; private set; } = null!;

    private protected FakeRepository Repository { get; private set; } = null!;

    private protected FakeInstallation Installation { get; private set; } = null!;

    private protected IStore Store { get; } = GitHubNode.NewStore();

    private protected static JobId NewJob() => TestForge.NewJob();

    public async ValueTask InitializeAsync()
    {
        GitHub = await FakeGitHub.StartAsync();
        Repository = await GitHub.AddRepositoryAsync("acme", "app");
        Repository.Roles[Person] = "write";
        Installation = GitHub.Install(Repository);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _nodes.ForEach(node => node.Dispose());
        var violations = GitHub.Violations;
        await GitHub.DisposeAsync();
        await Store.DisposeAsync();
        violations.ShouldBeEmpty();
    }

    private protected GitHubNode App(params (string Key, string Value)[] settings) => Node([.. GitHubNode.AsApp(GitHub), .. settings]);

    private protected GitHubNode WithToken(string login = Person, params (string Key, string Value)[] settings) =>
        Node([("Token", GitHub.AddToken(login)), .. settings]);

    private protected GitHubNode Node((string Key, string Value)[] settings, Action<IServiceCollection>? more = null)
    {
        var node = new GitHubNode(GitHub, Store, TimeProvider.System, settings, more);
        _nodes.Add(node);
        return node;
    }
}
