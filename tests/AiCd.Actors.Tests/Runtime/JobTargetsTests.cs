using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Tests.Runtime;

public sealed class JobTargetsTests
{
    private readonly Repository _repository = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_repository_says_of_itself_counts_where_nothing_was_named()
    {
        _repository.Files["main"] = "agent=careful";

        (await ResolveAsync()).ShouldBe(("main", "careful"));
        (await ResolveAsync(agent: "mock")).ShouldBe(("main", "mock"));
        (await ResolveAsync(fallback: "mock")).ShouldBe(("main", "careful"));
    }

    [Fact]
    public async Task Without_a_word_from_anybody_the_defaults_count()
    {
        (await ResolveAsync()).ShouldBe(("main", "mock"));
        (await ResolveAsync(fallback: "careful")).ShouldBe(("main", "careful"));
    }

    [Fact]
    public async Task The_base_that_a_repository_asks_for_is_used_where_none_was_named_and_its_own_file_counts_then()
    {
        _repository.Files["main"] = "base=develop agent=quick";
        _repository.Files["develop"] = "base=main agent=careful";

        (await ResolveAsync()).ShouldBe(("develop", "careful"));
        (await ResolveAsync(branch: "main")).ShouldBe(("main", "quick"));
        (await ResolveAsync(agent: "mock")).ShouldBe(("develop", "mock"));
    }

    [Fact]
    public async Task A_base_that_is_not_there_is_told_as_the_repositorys_wish()
    {
        _repository.Files["main"] = "base=gone";

        var refused = await Should.ThrowAsync<StageException>(ResolveAsync());

        (refused.Kind, refused.Code).ShouldBe((FaultKind.Permanent, "base_missing"));
        refused.Message.ShouldBe("The repository asks for the base branch 'gone': There is no branch gone");
    }

    [Fact]
    public async Task An_agent_that_the_node_has_not_or_the_operator_does_not_allow_is_refused()
    {
        _repository.Files["main"] = "agent=stranger";
        var unknown = await Should.ThrowAsync<StageException>(ResolveAsync());
        (unknown.Kind, unknown.Code).ShouldBe((FaultKind.Permanent, "unknown_agent"));
        unknown.Message.ShouldBe("The repository asks for the agent 'stranger': expected one of careful, mock, quick");

        _repository.Files["main"] = "agent=quick";
        _repository.Forbidden = "quick";
        (await Should.ThrowAsync<StageException>(ResolveAsync())).Code.ShouldBe("agent_not_allowed");
        (await ResolveAsync(agent: "quick")).ShouldBe(("main", "quick"), "whoever makes the job may name any");
    }

    private async Task<(string Branch, string Agent)> ResolveAsync(string? branch = null, string? agent = null, string? fallback = null)
    {
        var target = await new JobTargets(_repository, _repository, _repository).ResolveAsync("default", "repo", branch, agent, fallback, Token);
        return (target.Repository.BaseBranch, target.Agent);
    }

    /// <summary>Branches with a file of <c>key=value</c> pairs each.</summary>
    private sealed class Repository : IWorkspaces, IRepositoryRules, IAgents
    {
        public Dictionary<string, string> Files { get; } = new() { ["main"] = "", ["develop"] = "" };

        public string? Forbidden { get; set; }

        public IReadOnlyCollection<string> Names { get; } = ["careful", "quick", "mock"];

        public IAgent? Find(string name) => Names.Contains(name) ? new Named(name) : null;

        public Task<RepositoryTarget> ResolveAsync(string tenant, string repository, string? baseBranch, CancellationToken cancellationToken) =>
            Files.ContainsKey(baseBranch ?? "main")
                ? Task.FromResult(new RepositoryTarget(repository, baseBranch ?? "main", $"tip of {baseBranch ?? "main"}"))
                : throw new StageException(FaultKind.Permanent, "base_missing", $"There is no branch {baseBranch}");

        public Task<byte[]?> ReadBaseFileAsync(string tenant, RepositoryTarget target, string path, int maxBytes, CancellationToken cancellationToken) =>
            Task.FromResult<byte[]?>(Encoding.UTF8.GetBytes(Files[target.BaseSha["tip of ".Length..]]));

        public async Task<RepositoryWishes> ReadWishesAsync(Func<string, int, CancellationToken, Task<byte[]?>> readBaseFile, CancellationToken cancellationToken)
        {
            var words = Encoding.UTF8.GetString((await readBaseFile("file", 100, cancellationToken))!).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var pairs = words.Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            return new RepositoryWishes(pairs.GetValueOrDefault("agent"), pairs.GetValueOrDefault("base"), []);
        }

        public void RequireAgent(string agent)
        {
            if (agent == Forbidden)
            {
                throw new StageException(FaultKind.Permanent, "agent_not_allowed", "Not this one");
            }
        }

        public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<JobId>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveAsync(JobId job, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed record Named(string Name) : IAgent
    {
        public Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
