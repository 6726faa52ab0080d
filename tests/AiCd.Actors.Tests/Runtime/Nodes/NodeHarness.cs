using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Runtime;
using AiCd.Actors.Tests.Engines;
using AiCd.Actors.Tests.Runtime.Support;
using AiCd.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Tests.Runtime.Nodes;

/// <summary>A node on a store in memory, whose journal and whose way to it do as the test says, and whose clock the test moves.</summary>
internal sealed class NodeHarness : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly InMemoryStore _store;
    private readonly MortalTime _mortal;

    private NodeHarness(InMemoryStore store, ManualTimeProvider time)
    {
        _store = store;
        Time = time;
        _mortal = new MortalTime(time);
        Journal = new ScriptedJournal(store.Journal);
        Way = new SeverableStore(store, Journal);
    }

    public ManualTimeProvider Time { get; }

    public ScriptedJournal Journal { get; }

    public SeverableStore Way { get; }

    public InMemoryStore Store => _store;

    public ScriptedWork Work { get; private init; } = new();

    public EngineNode Node { get; private set; } = null!;

    public IJobGateway Gateway => Node;

    public static async Task<NodeHarness> StartAsync(Action<EngineOptions>? change = null, bool shared = false, NodeHarness? beside = null, Task? listens = null)
    {
        var time = beside?.Time ?? new ManualTimeProvider();
        var harness = new NodeHarness(beside?._store ?? new InMemoryStore(time: time, shared: shared), time) { Work = beside?.Work ?? new ScriptedWork() };
        harness.Way.Listens = listens ?? Task.CompletedTask;
        var options = new EngineOptions();
        foreach (var stage in Enum.GetValues<Stage>())
        {
            options.Stages[stage].StartsPerSecond = 100_000;
        }

        change?.Invoke(options);
        harness.Node = await harness.UntilAsync(EngineNode.StartAsync(
            harness.Way, harness.Work, options, recover: true, harness._mortal, NullLogger<EngineNode>.Instance, TestContext.Current.CancellationToken));
        return harness;
    }

    public async Task<JobId> SubmitAsync(Func<NewJob, NewJob>? change = null)
    {
        var job = new NewJob("default", "file:///repo", "main", "Greet", "Say hello", "mock");
        return (await UntilAsync(Gateway.SubmitAsync(change?.Invoke(job) ?? job, TestContext.Current.CancellationToken))).Job;
    }

    public Task<CommandResult> SayAsync(JobId job, string text) =>
        Gateway.SendAsync(job, new JobCommand.AddFeedback(text) { At = Time.GetUtcNow() }, cancellationToken: TestContext.Current.CancellationToken);

    public Task<StageCall> ArrivedAsync(Stage stage) => UntilAsync(Work.ArrivedAsync(stage));

    public Task<Job> UntilAsync(JobId job, JobState state) => UntilAsync(job, found => found.State == state);

    public async Task<Job> UntilAsync(JobId job, Predicate<Job> holds)
    {
        Job? found = null;
        await UntilAsync(async () => (found = await Gateway.FindAsync(job, TestContext.Current.CancellationToken)) is not null && holds(found));
        return found!;
    }

    /// <summary>Moves the clock on in small steps until the condition holds.</summary>
    public Task UntilAsync(Func<Task<bool>> condition) => Eventually.HoldsAsync(
        async () =>
        {
            var holds = await condition();
            Time.Advance(holds ? TimeSpan.Zero : Step);
            return holds;
        },
        TestContext.Current.CancellationToken);

    public async Task<T> UntilAsync<T>(Task<T> task)
    {
        await UntilAsync(() => Task.FromResult(task.IsCompleted));
        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        _mortal.Rush();
        await Node.DisposeAsync();
    }
}
