using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Engines;

/// <summary>
/// What every engine behind <see cref="IJobGateway"/> must do, on every store. The promises stand in the files beside this one; a class for
/// each pair of engine and store says how to get them.
/// </summary>
public abstract partial class EngineConformance : IAsyncLifetime
{
    /// <summary>
    /// The clock moves only while a test waits for something, some times faster than the machine's: polling that stands behind a
    /// lost signal comes to its turn, and no lease runs out.
    /// </summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly List<INode> _nodes = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected virtual IEngine Engine { get; } = new AiCdEngine();

    protected ManualTimeProvider Time { get; } = new();

    protected ScriptedWork Work { get; } = new();

    protected IStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await Store.DisposeAsync();
        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IStore> OpenAsync();

    protected virtual ValueTask DeleteAsync() => ValueTask.CompletedTask;

    protected async Task<INode> StartAsync(Action<EngineOptions>? change = null)
    {
        var options = new EngineOptions
        {
            NodeName = $"node-{_nodes.Count + 1}",
            Lease = TimeSpan.FromMinutes(10),
            Renewal = TimeSpan.FromSeconds(1),
            Stages = new StagesOptions
            {
                Planning = Pool(),
                Coding = Pool(),
                Reviewing = Pool(),
                PrOpen = Pool(),
            },
        };
        change?.Invoke(options);
        var node = await UntilAsync(Engine.StartAsync(Store, Work, options, Time));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Waits for what needs the clock to move on.</summary>
    protected async Task<T> UntilAsync<T>(Task<T> task)
    {
        await UntilAsync((Task)task);
        return await task;
    }

    /// <inheritdoc cref="UntilAsync{T}(Task{T})"/>
    protected async Task UntilAsync(Task task)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await Task.WhenAny(task, Task.Delay(5, Token)) != task)
        {
            Token.ThrowIfCancellationRequested();
            if (TimeProvider.System.GetElapsedTime(started) > Eventually.Patience)
            {
                throw new TimeoutException($"Did not come within {Eventually.Patience}. Calls: {Describe()}");
            }

            Time.Advance(Step);
        }

        await task;
    }

    protected async Task<Job> UntilAsync(INode node, JobId job, Predicate<Job> holds)
    {
        Job? last = null;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        try
        {
            await UntilAsync(Eventually.HoldsAsync(async () => (last = await node.Gateway.FindAsync(job, giveUp.Token)) is not null && holds(last), giveUp.Token));
            return last!;
        }
        catch (TimeoutException hang)
        {
            await giveUp.CancelAsync();
            throw new TimeoutException($"{hang.Message}. The job stands at {last?.State} with {last?.Entry}", hang);
        }
    }

    protected Task<Job> UntilAsync(INode node, JobId job, JobState state) => UntilAsync(node, job, found => found.State == state);

    protected Task<StageCall> ArrivedAsync(Stage stage) => UntilAsync(Work.ArrivedAsync(stage));

    protected async Task<JobId> SubmitAsync(INode node, Func<NewJob, NewJob>? change = null)
    {
        var submitted = await UntilAsync(node.Gateway.SubmitAsync(NewJob(change), Token));
        submitted.Created.ShouldBeTrue();
        return submitted.Job;
    }

    protected static NewJob NewJob(Func<NewJob, NewJob>? change = null)
    {
        var job = new NewJob("default", "file:///repo", "main", "Greet", "Say hello", "mock");
        return change?.Invoke(job) ?? job;
    }

    protected Task<CommandResult> SendAsync(INode node, JobId job, JobCommand command) => UntilAsync(node.Gateway.SendAsync(job, command, cancellationToken: Token));

    protected async Task<IReadOnlyList<JobEvent>> HistoryAsync(JobId job)
    {
        var rows = await Store.Journal.ReadJobsAsync([job], Token).ToListAsync(Token);
        rows.Select(row => row.Seq).ShouldBe(Enumerable.Range(1, rows.Count));
        return [.. rows.Select(row => JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt))];
    }

    protected JobCommand.AddFeedback Say(string text) => new(text, "ann") { At = Time.GetUtcNow() };

    protected JobCommand.Cancel Cancel() => new("No longer wanted", "ann") { At = Time.GetUtcNow() };

    private static StageOptions Pool() => new() { StartsPerSecond = 100_000, Concurrency = 50 };

    private string Describe() => string.Join("; ", Work.Calls.TakeLast(8).Select(call => $"{call.Run.Job.Id} {call.Run.Stage} {call.AttemptId} on {call.Incarnation}"));
}
