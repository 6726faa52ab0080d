using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Tests.Mock;
using AiCd.Testing;
using AiCd.Testing.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Agents.Tests.Models;

/// <summary>An agent on a model server of the test's own, with a worktree and a record.</summary>
internal sealed class StageBench : IAsyncDisposable
{
    private static uint _jobs;

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;
    private readonly string _agent;

    private StageBench(string agent, ModelServer server, (string Key, string Value)[] settings, StagePolicy policy, TimeProvider time)
    {
        _agent = agent;
        Server = server;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AiCd:Agents:Anthropic:BaseUrl"] = server.Url,
            ["AiCd:Agents:Anthropic:ApiKey"] = ModelServer.Key,
            ["AiCd:Agents:OpenAI:BaseUrl"] = server.OpenAiUrl,
            ["AiCd:Agents:OpenAI:ApiKey"] = ModelServer.Key,
        });
        configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration.Build())
            .AddLogging()
            .AddSingleton(time)
            .AddSingleton<ISandbox, ProcessSandbox>()
            .AddAiCdAgents()
            .AddSingleton<IStagePolicies>(new FixedPolicy(policy))
            .BuildServiceProvider();
    }

    public ModelServer Server { get; }

    public TestRecord Record { get; set; } = new();

    public RecordingProgress Progress { get; private set; } = new();

    public string Worktree => _folder.Location;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<StageBench> StartAsync(string agent, Func<ModelCall, ModelReply> script, params (string Key, string Value)[] settings) =>
        StartAsync(agent, script, new StagePolicy(), settings);

    public static async Task<StageBench> StartAsync(
        string agent, Func<ModelCall, ModelReply> script, StagePolicy policy, params (string Key, string Value)[] settings) =>
        new(agent, await ModelServer.StartAsync(script, Cancelled), settings, policy, TimeProvider.System);

    public static async Task<StageBench> StartAsync(
        string agent, Func<ModelCall, ModelReply> script, TimeProvider time, params (string Key, string Value)[] settings) =>
        new(agent, await ModelServer.StartAsync(script, Cancelled), settings, new StagePolicy(), time);

    /// <summary>The answers one after the other, whatever is asked.</summary>
    public static Func<ModelCall, ModelReply> InTurn(params ModelReply[] replies)
    {
        var next = -1;
        return _ => replies[Math.Min(Interlocked.Increment(ref next), replies.Length - 1)];
    }

    public string Write(string path, string content)
    {
        var full = Path.Combine(Worktree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return full;
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Worktree, path));

    public StageContext Context(Stage stage, ReviewSubject? subject = null, int round = 1, params IReadOnlyList<ReviewFeedback> feedback) => new()
    {
        Job = new JobContext(
            JobId.Create(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), 7, Interlocked.Increment(ref _jobs)),
            "default", "file:///repo", "main", new Issue("Sum is wrong", "`sum` of 1 and 2 gives 4.", null), round, feedback),
        Stage = stage,
        AttemptId = "attempt-1",
        AttemptNumber = 1,
        Worktree = Worktree,
        BaseSha = new string('c', 40),
        Plan = stage == Stage.Planning ? null : new PlanResult("Mend sum", ["Mend it"], ["sum.txt"], [], "Run it"),
        Subject = subject,
        Progress = Progress = new RecordingProgress(),
        Record = Record,
    };

    public Task<PlanResult> PlanAsync(CancellationToken? cancellationToken = null) =>
        Agent.PlanAsync(Context(Stage.Planning), cancellationToken ?? Cancelled);

    public Task<CodeResult> CodeAsync(StageContext? context = null, CancellationToken? cancellationToken = null) =>
        Agent.CodeAsync(context ?? Context(Stage.Coding), cancellationToken ?? Cancelled);

    public Task<ReviewResult> ReviewAsync(ReviewSubject subject) => Agent.ReviewAsync(Context(Stage.Reviewing, subject), Cancelled);

    private IAgent Agent => _services.GetRequiredService<IAgents>().Find(_agent)!;

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class FixedPolicy(StagePolicy policy) : IStagePolicies
    {
        public Task<StagePolicy> FindAsync(StageContext context, CancellationToken cancellationToken) => Task.FromResult(policy);
    }
}
