using System.Collections.Concurrent;
using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Actors.Stages;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Engines;

/// <summary>
/// Stage work that does as the test says. A stage that is not scripted succeeds at once; one that is held waits for the test's word,
/// or for its cancellation.
/// </summary>
public sealed class ScriptedWork : IStageWork
{
    private readonly ConcurrentQueue<StageCall> _calls = new();
    private readonly ConcurrentDictionary<Stage, bool> _held = new();
    private readonly ConcurrentDictionary<Stage, Channel<StageCall>> _arrivals = new();

    /// <summary>Asked first; null leaves the call to the rest.</summary>
    public Func<StageCall, Task<StageOutcome>?>? Script { get; set; }

    /// <summary>Every call that was made of every node, in order.</summary>
    public IReadOnlyList<StageCall> Calls => [.. _calls];

    public IEnumerable<StageCall> Of(JobId job, Stage stage) => _calls.Where(call => call.Run.Job.Id == job && call.Run.Stage == stage);

    public void Hold(Stage stage) => _held[stage] = true;

    public void LetGo(Stage stage) => _held[stage] = false;

    /// <summary>The next held call of the stage.</summary>
    public Task<StageCall> ArrivedAsync(Stage stage) =>
        Arrivals(stage).Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);

    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        var call = new StageCall(run, cancellationToken);
        _calls.Enqueue(call);
        if (Script?.Invoke(call) is { } scripted)
        {
            return await scripted;
        }

        if (!_held.GetValueOrDefault(run.Stage))
        {
            return Outcomes.Success(run);
        }

        Arrivals(run.Stage).Writer.TryWrite(call);
        return await call.Outcome.WaitAsync(cancellationToken);
    }

    private Channel<StageCall> Arrivals(Stage stage) => _arrivals.GetOrAdd(stage, _ => Channel.CreateUnbounded<StageCall>());
}

/// <summary>One attempt that is under way.</summary>
public sealed class StageCall(StageRun run, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<StageOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StageRun Run => run;

    public string AttemptId => run.Attempt.Id;

    /// <summary>The node that runs it.</summary>
    public string Incarnation => run.Attempt.Incarnation;

    public CancellationToken Token => cancellationToken;

    internal Task<StageOutcome> Outcome => _outcome.Task;

    public void Succeed() => _outcome.TrySetResult(Outcomes.Success(run));

    public void End(JobCommand command) => _outcome.TrySetResult(new StageOutcome(command, []));

    public void Fail(FaultKind kind, TimeSpan? retryAfter = null, string? provider = null) =>
        _outcome.TrySetException(new StageException(kind, "scripted", $"The test wants {kind}", retryAfter: retryAfter) { Provider = provider });

    /// <summary>Completes when the engine wants it to stop.</summary>
    public async Task StoppedAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => stopped.TrySetResult());
        await stopped.Task.WaitAsync(Patience.Limit);
    }
}
