using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Stages;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>What a node's actors share. All of it is safe to be used by many actors at once.</summary>
internal sealed class ActorContext
{
    public required string Incarnation { get; init; }

    public required EngineOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required JournalWriter Writer { get; init; }

    public required ReplayBatcher Replays { get; init; }

    public required StagePools Pools { get; init; }

    public required StageRunner Runner { get; init; }

    public required LivingNodes Living { get; init; }

    public required JobFeed Feed { get; init; }

    public required EngineMetrics Metrics { get; init; }

    public required Deadlines Deadlines { get; init; }

    public required SecondLooks SecondLooks { get; init; }

    public required SnapshotKeeper Snapshots { get; init; }

    /// <summary>Stops the attempt, wherever it runs.</summary>
    public required Action<Attempt> Unwanted { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Takes the actor out of the region; called once, when it has stopped.</summary>
    public required Action<JobActor> Forget { get; init; }

    /// <summary>True where more actors live than are worth their memory.</summary>
    public required Func<bool> Crowded { get; init; }

    /// <summary>True where results that came for the shard while nobody had it are with their jobs.</summary>
    public required Func<int, bool> IsDrained { get; init; }

    /// <summary>
    /// An attempt that may still be alive is never replaced: not one that runs here, not one of a node whose lease holds; nor one whose result may
    /// be in the inbox.
    /// </summary>
    public bool MayStart(JobId job, OwedWork owed) => owed.Running is not { } running
        || (IsDrained(job.Shard) && (running.Incarnation == Incarnation ? !Runner.Runs(running.Id) : !Living.Contains(running.Incarnation)));

    /// <summary>A place for work that the job newly owes, if there is one at once.</summary>
    public StageSlot? TryEnter(Job? before, Job after) =>
        NewlyOwed(before, after) is { DueAt: null } owed ? Pools[owed.Stage].TryEnter(Providers.Of(after, owed.Stage)) : null;

    /// <summary>Puts newly owed work into its pool's queue and stops what is no longer wanted.</summary>
    /// <returns>True where the job has to wait and its actor should leave memory meanwhile.</returns>
    public bool Owe(Job? before, Job after)
    {
        if (before is null || (after.State.IsTerminal() && !before.State.IsTerminal()))
        {
            Deadlines.Watch(after);
        }

        if (after.State == JobState.Cancelled && before is { State: not JobState.Cancelled })
        {
            Pools.Remove(after.Id);
            if (before.Entry.Running is { } running)
            {
                Unwanted(running);
            }
        }

        if (NewlyOwed(before, after) is not { } owed)
        {
            if (before is not null && before.Priority != after.Priority && OwedWork.Of(after) is { Running: null } waiting)
            {
                Enqueue(after, waiting);
            }

            return false;
        }

        Enqueue(after, owed);
        return Crowded();
    }

    /// <summary>Recovery: whatever the job owes, it owes now.</summary>
    public void Owe(Job job)
    {
        Deadlines.Watch(job);
        if (OwedWork.Of(job) is not { } owed)
        {
            return;
        }

        if (MayStart(job.Id, owed))
        {
            Enqueue(job, owed);
        }
        else if (owed.Running is { } running && running.Incarnation != Incarnation)
        {
            Living.Watch(job.Id, running.Incarnation);
        }
    }

    public void Run(Job job, StageSlot slot)
    {
        if (job.Entry.Running is { } attempt)
        {
            Runner.Start(job, attempt, slot);
        }
        else
        {
            slot.Dispose();
        }
    }

    public void Published(Job? before, IReadOnlyList<JobEvent> events, Job after)
    {
        Snapshots.Moved(before, after);
        foreach (var e in events)
        {
            Metrics.Recorded(e);
        }

        if (after.State.IsTerminal() && before is { State: var last } && !last.IsTerminal())
        {
            JobTracing.JobEnded(after);
        }

        if (!Feed.HasSubscribers)
        {
            return;
        }

        var state = before?.State ?? JobState.Queued;
        var seq = before?.Seq ?? 0;
        foreach (var e in events)
        {
            state = e.Transition is { } transition ? JobTransitions.GetNextState(state, transition) : state;
            Feed.Publish(new JobRecorded(after.Id, ++seq, e, state));
        }
    }

    private void Enqueue(Job job, OwedWork owed) => Pools[owed.Stage].Enqueue(new WaitingJob(
        job.Id, job.Submission.Tenant, job.Priority, owed.DueAt, Providers.Of(job, owed.Stage)));

    private static OwedWork? NewlyOwed(Job? before, Job after) =>
        OwedWork.Of(after) is { Running: null } owed && (before is null || OwedWork.Of(before) != owed) ? owed : null;
}
