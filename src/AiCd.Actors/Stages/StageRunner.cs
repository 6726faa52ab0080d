using System.Collections.Concurrent;
using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Stages;

/// <summary>
/// Runs the attempts of this node. An attempt belongs to the node's incarnation, not to the actor that started it: its result comes
/// back as a command, wherever the job lives by then. An attempt counts as running until the job has answered that command.
/// </summary>
internal sealed class StageRunner(
    IStageWork work,
    Func<JobId, JobCommand, IReadOnlyList<ArtifactContent>, CancellationToken, Task<CommandResult>> send,
    EngineOptions options,
    ProviderCircuits circuits,
    Action<JobSignal> tell,
    LeaseClock lease,
    EngineMetrics metrics,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RunningStage> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();

    public int Count => _running.Count;

    /// <summary>The attempts that run here, with their jobs.</summary>
    public IEnumerable<(JobId Job, string AttemptId)> Running => _running.Select(running => (running.Value.Job, running.Key));

    public bool Runs(string attemptId) => _running.ContainsKey(attemptId);

    /// <summary>The slot is the runner's from here on.</summary>
    public void Start(Job job, Attempt attempt, StageSlot slot)
    {
        var running = new RunningStage(job.Id, CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token));
        _running[attempt.Id] = running;
        _ = Task.Run(() => RunAsync(job, attempt, slot, running));
    }

    /// <summary>Stops an attempt whose result nobody wants any more.</summary>
    public void Cancel(string attemptId)
    {
        if (_running.TryGetValue(attemptId, out var running))
        {
            running.Unwanted = true;
            running.Cancel();
        }
    }

    /// <summary>The lease is gone, so every attempt of this incarnation is: others start them anew.</summary>
    public void CancelAll()
    {
        foreach (var attempt in _running.Keys)
        {
            Cancel(attempt);
        }
    }

    /// <summary>Lets running attempts finish within the grace; the others are cut short and stay owed.</summary>
    /// <returns>How many were cut short.</returns>
    public async Task<int> StopAsync(TimeSpan grace)
    {
        var all = Task.WhenAll(_running.Values.Select(running => running.Ended));
        await all.WaitAsync(grace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var left = _running.Count;
        await _stopping.CancelAsync();
        var cut = Task.WhenAll(_running.Values.Select(running => running.Ended));
        await cut.WaitAsync(TimeSpan.FromSeconds(10), time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _abandon.CancelAsync();
        return left;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _stopping.Dispose();
        _abandon.Dispose();
    }

    private async Task RunAsync(Job job, Attempt attempt, StageSlot slot, RunningStage running)
    {
        using (running)
        using (slot)
        {
            try
            {
                var outcome = await ExecuteAsync(job, attempt, slot, running);
                if (outcome is not null && await DeliverAsync(job.Id, attempt.Id, outcome) is { } refusal)
                {
                    await DeliverAsync(job.Id, attempt.Id, Refused(attempt, slot.Stage, refusal.Message));
                }
            }
            finally
            {
                _running.TryRemove(attempt.Id, out _);
                running.HasEnded();
            }
        }
    }

    private async Task<StageOutcome?> ExecuteAsync(Job job, Attempt attempt, StageSlot slot, RunningStage running)
    {
        using var activity = JobTracing.StartAttempt(job, slot.Stage, attempt);
        var started = time.GetTimestamp();
        var outcome = await TryAsync(job, attempt, slot, running);
        var result = outcome is null ? "unwanted" : outcome.Command is JobCommand.FailAttempt or JobCommand.InterruptAttempt or JobCommand.HoldForBudget ? "failed" : "done";
        metrics.StageEnded(slot.Stage, time.GetElapsedTime(started), result);
        activity?.SetStatus(result == "failed" ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        return outcome;
    }

    private async Task<StageOutcome?> TryAsync(Job job, Attempt attempt, StageSlot slot, RunningStage running)
    {
        var progress = new StageProgress(
            message => tell(new JobProgressed(job.Id, slot.Stage, attempt.Id, message)),
            (role, text) => tell(new JobSpoke(job.Id, slot.Stage, attempt.Id, role, text)));
        using var timeout = new CancellationTokenSource(options.Stages[slot.Stage].Timeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(running.Token, timeout.Token);
        try
        {
            var commands = new StageCommands(job.Id, send, lease, time);
            var outcome = await work.RunAsync(new StageRun(job, slot.Stage, attempt, progress, commands), cancellation.Token);
            circuits.ReportUp(slot.Provider);
            return outcome;
        }
        catch (Exception error) when (cancellation.IsCancellationRequested)
        {
            return error switch
            {
                _ when running.Unwanted => null,
                _ when _stopping.IsCancellationRequested => Only(new JobCommand.InterruptAttempt(attempt.Id, "The node stopped", Counted: false) { At = time.Now() }),
                _ => Fail(job, attempt, slot, progress, new StageException(FaultKind.Timeout, FailureCodes.Timeout,
                    $"The attempt took longer than {options.Stages[slot.Stage].Timeout}", error)),
            };
        }
        catch (SupersededException refused)
        {
            return Refused(attempt, slot.Stage, refused.Message);
        }
        catch (BudgetExhaustedException spent)
        {
            return Only(new JobCommand.HoldForBudget(attempt.Id, spent.Message) { At = time.Now() });
        }
        catch (Exception error)
        {
            return Fail(job, attempt, slot, progress, error);
        }
    }

    private StageOutcome Fail(Job job, Attempt attempt, StageSlot slot, StageProgress progress, Exception error)
    {
        var fault = SupervisorStrategy.Classify(error);
        var directive = SupervisorStrategy.For(fault.Kind);
        var stage = options.Stages[slot.Stage];
        var now = time.Now();
        RuntimeLog.AttemptFailed(logger, error, attempt.Id, job.Id.Value, WireNames.Of(slot.Stage), fault.Kind.ToString(), fault.Code, directive.ToString());
        switch (directive)
        {
            case Directive.Escalate:
                return Escalate(attempt, slot, fault, now);
            case Directive.Resume:
                return Only(new JobCommand.InterruptAttempt(attempt.Id, fault.Message, Counted: true) { At = now });
            case Directive.Stop:
                return Failed(retryAt: null);
            default:
                var delay = Backoff.After(stage.Backoff, job.Entry.Failed + 1, Random.Shared.NextDouble());
                delay = fault.RetryAfter > delay ? fault.RetryAfter.Value : delay;
                return Failed(now.AddMilliseconds(Math.Ceiling(delay.TotalMilliseconds)));
        }

        StageOutcome Failed(DateTimeOffset? retryAt)
        {
            var said = new StageArtifacts(progress.ToArtifact());
            var refs = said.Refs.Count > 0 ? said.Refs : null;
            return new StageOutcome(new JobCommand.FailAttempt(attempt.Id, fault.Code, fault.Message, retryAt, stage.Attempts, refs) { At = now }, said.Contents);
        }
    }

    /// <summary>
    /// The job waits at the circuit of what its stage needs. Where something else is down, it comes again when that may be up; others
    /// that need the same agent go on.
    /// </summary>
    private StageOutcome Escalate(Attempt attempt, StageSlot slot, Fault fault, DateTimeOffset now)
    {
        var provider = fault.Provider ?? slot.Provider;
        var pause = circuits.ReportDown(provider, fault.RetryAfter);
        DateTimeOffset? retryAt = provider == slot.Provider ? null : now.AddMilliseconds(Math.Ceiling(pause.TotalMilliseconds));
        return Only(new JobCommand.InterruptAttempt(attempt.Id, fault.Message, Counted: false, retryAt) { At = now });
    }

    /// <summary>
    /// The job refused what its attempt said. Mostly another attempt counts by now, and refuses this too; an attempt that still counts must
    /// not stay open with nobody at work on it.
    /// </summary>
    private StageOutcome Refused(Attempt attempt, Stage stage, string reason) => Only(
        new JobCommand.FailAttempt(attempt.Id, FailureCodes.Refused, reason, null, options.Stages[stage].Attempts) { At = time.Now() });

    /// <summary>Tries until the job has answered: what was bought must not be lost because the store was away.</summary>
    /// <returns>The job's refusal, or null.</returns>
    private async Task<Refusal?> DeliverAsync(JobId job, string attemptId, StageOutcome outcome)
    {
        for (var failures = 1; !_abandon.IsCancellationRequested; failures++)
        {
            try
            {
                var result = await send(job, outcome.Command, outcome.Contents, _abandon.Token);
                if (result is not CommandResult.Refused { Refusal: var refusal })
                {
                    return null;
                }

                RuntimeLog.ResultRefused(logger, attemptId, job.Value, refusal.Message);
                return refusal;
            }
            catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception error)
            {
                RuntimeLog.DeliveryFailed(logger, error, attemptId, job.Value, failures);
                var pause = Backoff.After(TimeSpan.FromMilliseconds(100), Math.Min(failures, 6), Random.Shared.NextDouble());
                await Task.Delay(pause, time, _abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    private static StageOutcome Only(JobCommand command) => new(command, []);

    private sealed class RunningStage(JobId job, CancellationTokenSource cancellation) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _disposed;

        public JobId Job { get; } = job;

        public CancellationToken Token { get; } = cancellation.Token;

        public Task Ended => _ended.Task;

        public bool Unwanted { get; set; }

        public void HasEnded() => _ended.SetResult();

        public void Cancel()
        {
            lock (_lock)
            {
                if (!_disposed)
                {
                    cancellation.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                cancellation.Dispose();
            }
        }
    }
}
