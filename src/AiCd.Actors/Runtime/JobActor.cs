using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Telemetry;

namespace AiCd.Actors.Runtime;

/// <summary>
/// One job. Its mailbox is read by one loop, so nothing in here is touched by two threads. It recovers by replay, decides, appends,
/// evolves, and only then replies and starts what is owed.
/// </summary>
internal sealed class JobActor(JobId id, ActorContext context)
{
    private readonly Channel<ActorMessage> _mailbox = Channel.CreateUnbounded<ActorMessage>(new() { SingleReader = true });
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Job? _job;
    private string? _corruption;
    private bool _recovered;
    private bool _passivate;
    private Exception? _abandoned;
    private int _waiting;

    public JobId Id { get; } = id;

    /// <summary>Completes when the actor has handled its last message; only then may another one of the same job start.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>When the mailbox was last used, as a timestamp of the clock.</summary>
    public long LastActive { get; private set; } = context.Time.GetTimestamp();

    /// <summary>When the actor was made, as a timestamp of the clock.</summary>
    public long StartedAt { get; } = context.Time.GetTimestamp();

    /// <summary>Messages that wait, the one that is being handled not among them.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Start() => _ = Task.Run(RunAsync);

    /// <returns>False where the actor is about to stop.</returns>
    public bool Tell(ActorMessage message)
    {
        // Counted before it can be read, so that the count is never below what waits.
        Interlocked.Increment(ref _waiting);
        if (_mailbox.Writer.TryWrite(message))
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>The shard is lost or the node stops: what is still in the mailbox fails with the error.</summary>
    public void Abandon(Exception error)
    {
        _abandoned = error;
        _mailbox.Writer.TryComplete();
    }

    private async Task RunAsync()
    {
        while (await _mailbox.Reader.WaitToReadAsync())
        {
            while (_mailbox.Reader.TryRead(out var message))
            {
                Interlocked.Decrement(ref _waiting);
                LastActive = context.Time.GetTimestamp();
                await HandleAsync(message);
            }

            if (_passivate)
            {
                _mailbox.Writer.TryComplete();
            }
        }

        context.Forget(this);
        _stopped.SetResult();
    }

    private async Task HandleAsync(ActorMessage message)
    {
        if (_abandoned is { } error)
        {
            message.Fail(error);
            return;
        }

        try
        {
            await (message switch
            {
                ActorMessage.Deliver deliver => DeliverAsync(deliver),
                ActorMessage.Grant grant => GrantAsync(grant.Slot),
                ActorMessage.Look look => LookAsync(look),
                ActorMessage.Passivate => PassivateAsync(),
                _ => throw new InvalidOperationException($"No rule for {message.GetType().Name}"),
            });
        }
        catch (ShardLostException lost)
        {
            Restart();
            message.Fail(lost);
        }
        catch (Exception failure)
        {
            if (failure is not AppendRefusedException)
            {
                RuntimeLog.ActorFailed(context.Logger, failure, Id.Value);
            }

            Restart();
            message.Fail(failure);
            if (message is ActorMessage.Grant or ActorMessage.Look { StartOwed: true })
            {
                context.SecondLooks.Add(Id);
            }
        }
    }

    private async Task DeliverAsync(ActorMessage.Deliver deliver)
    {
        if (deliver is { Command: JobCommand.Submit, InboxId: null })
        {
            // A new id has no history to read. One that comes by the inbox may be a second try.
            _recovered = true;
        }

        await RecoverAsync();
        _passivate = false;
        if (_corruption is not null)
        {
            deliver.Reply.TrySetResult(new CommandResult.Refused(new Refusal(RefusalCodes.Quarantined, _corruption, null)));
            Restart();
            return;
        }

        switch (JobDecider.Decide(_job, deliver.Command))
        {
            case Decision.Refused { Refusal: var refusal }:
                deliver.Reply.TrySetResult(new CommandResult.Refused(refusal));
                break;
            case Decision.Accepted { Events: var events }:
                await CommitAsync(events, slot: null, deliver);
                deliver.Reply.TrySetResult(new CommandResult.Applied(_job!));
                break;
        }
    }

    private async Task GrantAsync(StageSlot slot)
    {
        try
        {
            await RecoverAsync();
            _passivate = false;
            if (_job is { } early && OwedWork.Of(early) is { DueAt: { } due } && due > context.Time.GetUtcNow())
            {
                // Granted for what the job owed before.
                context.Owe(early);
            }
            else if (_job is not null && StartOf(_job, slot) is { } events)
            {
                var granted = slot;
                slot = null!;
                await CommitAsync(events, granted, cause: null);
            }
        }
        finally
        {
            slot?.Dispose();
        }
    }

    private async Task LookAsync(ActorMessage.Look look)
    {
        await RecoverAsync();
        if (_corruption is not null)
        {
            look.Fail(new JobQuarantinedException(Id, _corruption));
            Restart();
            return;
        }

        if (look.StartOwed && _job is not null)
        {
            context.Owe(_job);
        }

        look.Reply.TrySetResult(_job);
    }

    private Task PassivateAsync()
    {
        _passivate = true;
        return Task.CompletedTask;
    }

    private async Task RecoverAsync()
    {
        if (_recovered)
        {
            return;
        }

        var replay = await context.Replays.ReadAsync(Id);
        _job = replay.Job;
        _corruption = replay.Corruption;
        _recovered = true;
    }

    /// <summary>What was held in memory is in doubt, or a history that cannot be read may be put right: the next message begins with a replay.</summary>
    private void Restart()
    {
        _recovered = false;
        _job = null;
        _corruption = null;
    }

    /// <returns>Null where the job owes the slot's stage nothing, or an attempt of it may still be alive.</returns>
    private IReadOnlyList<JobEvent>? StartOf(Job job, StageSlot slot)
    {
        if (OwedWork.Of(job) is not { } owed || owed.Stage != slot.Stage || !context.MayStart(Id, owed))
        {
            return null;
        }

        var start = new JobCommand.StartAttempt(slot.Stage, Ids.NewAttempt(), context.Incarnation, owed.Running?.Id, context.Options.MaxInterruptions)
        {
            At = context.Time.Now(),
        };
        return JobDecider.Decide(job, start) is Decision.Accepted accepted ? accepted.Events : null;
    }

    /// <summary>
    /// Appends, and afterwards evolves and starts what the job owes. Where a place is free at once, the start of the next stage goes
    /// into the same append: one commit less for every stage.
    /// </summary>
    private async Task CommitAsync(IReadOnlyList<JobEvent> events, StageSlot? slot, ActorMessage.Deliver? cause)
    {
        var before = _job;
        events = Signed(events);
        var after = Fold(before, events);
        if (slot is null && context.TryEnter(before, after) is { } entered)
        {
            if (StartOf(after, entered) is { } start)
            {
                events = [.. events, .. Signed(start)];
                after = Fold(after, start);
                slot = entered;
            }
            else
            {
                entered.Dispose();
            }
        }

        var append = new PendingAppend(after, (before?.Seq ?? 0) + 1, Encode(events))
        {
            ChangesWords = !ReferenceEquals(before?.Submission, after.Submission),
            Activity = ActivityOf(before, after),
            Claims = cause?.Claims ?? [],
            Artifacts = cause?.Contents ?? [],
            References = EventArtifacts.StoredBy(events),
            Handled = cause?.InboxId is { } command ? new HandledCommand(command, InboxOutcome.Applied) : null,
        };
        try
        {
            await context.Writer.AppendAsync(append);
        }
        catch (Exception error)
        {
            slot?.Dispose();
            if (error is ShardLostException)
            {
                throw new ShardLostException(Id.Shard) { Tried = TriedAppend.Of(append) };
            }

            throw;
        }

        _job = after;
        context.Published(before, events, after);
        if (slot is not null)
        {
            context.Run(after, slot);
        }

        _passivate = context.Owe(before, after) || after.State.IsTerminal();
    }

    /// <summary>What a linked job inherits keeps the name of the node that recorded it first.</summary>
    private JobEvent[] Signed(IReadOnlyList<JobEvent> events) => [.. events.Select(e => e.Node is null ? e with { Node = context.Incarnation } : e)];

    private Job Fold(Job? job, IReadOnlyList<JobEvent> events)
    {
        foreach (var e in events)
        {
            job = JobEvolver.Evolve(Id, job, e);
        }

        return job!;
    }

    private static EventData[] Encode(IReadOnlyList<JobEvent> events)
    {
        var encoded = new EventData[events.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = new EventData(JobEventCodec.NameOf(events[i]), JobEventCodec.Encode(events[i]), events[i].At);
        }

        return encoded;
    }

    private static Activity ActivityOf(Job? before, Job after) => (before, after.IsActive) switch
    {
        (null, true) => Activity.Begins,
        ({ IsActive: true }, false) => Activity.Ends,
        _ => Activity.Unchanged,
    };
}
