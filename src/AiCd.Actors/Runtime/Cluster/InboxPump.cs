using System.Collections.Concurrent;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// Handles commands that arose on other nodes, each once: a command in flight here is not begun again, one that its sender had applied
/// before it lost the job is only acknowledged, and the outcome is written in the transaction of the events. A command whose handling
/// fails stays in the inbox for the next round.
/// </summary>
internal sealed class InboxPump : IAsyncDisposable
{
    private const int PageSize = 500;

    private readonly IInbox _inbox;
    private readonly IJournal _journal;
    private readonly ShardLedger _ledger;
    private readonly JobRegion _region;
    private readonly Func<Job, WaitingReason?> _explain;
    private readonly NodeSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Guid, Task<JournalException?>> _inFlight = new();
    private readonly SemaphoreSlim _wake = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public InboxPump(
        IInbox inbox,
        IJournal journal,
        ShardLedger ledger,
        JobRegion region,
        Func<Job, WaitingReason?> explain,
        NodeSignals signals,
        TimeSpan pollEvery,
        TimeProvider time,
        ILogger logger)
    {
        _inbox = inbox;
        _journal = journal;
        _ledger = ledger;
        _region = region;
        _explain = explain;
        _signals = signals;
        _time = time;
        _logger = logger;
        _signals.CommandPosted += Wake;
        _loop = Task.Run(() => RunAsync(pollEvery));
    }

    /// <summary>Handles all commands that the inbox holds for the shards now.</summary>
    /// <exception cref="JournalException">One of them could not be handled, because the store was away: the inbox is not drained.</exception>
    public async Task DrainAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pending = await _inbox.PendingAsync(shards, PageSize, cancellationToken);
            if (pending.Count == 0)
            {
                return;
            }

            var failures = await Task.WhenAll(pending.Select(Begin)).WaitAsync(cancellationToken);
            if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            {
                throw new JournalException($"The inbox could not be drained: {first.Message}", isTransient: true, first);
            }

            if (pending.Count < PageSize)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _signals.CommandPosted -= Wake;
        await _stop.CancelAsync();
        await _loop;
        await Task.WhenAll(_inFlight.Values);
        _stop.Dispose();
        _wake.Dispose();
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    private async Task RunAsync(TimeSpan pollEvery)
    {
        using var poll = _time.CreateTimer(_ => Wake(), null, pollEvery, pollEvery);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(_stop.Token);
                var owned = _ledger.Owned();
                if (owned.Count == 0)
                {
                    continue;
                }

                var pending = await _inbox.PendingAsync(owned, PageSize, _stop.Token);
                foreach (var command in pending)
                {
                    _ = Begin(command);
                }

                if (pending.Count == PageSize)
                {
                    var inFlight = _inFlight.Values;
                    if (inFlight.Count > 0)
                    {
                        await Task.WhenAny(inFlight);
                    }

                    Wake();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever went wrong, the next round begins with what the inbox holds then.
                RuntimeLog.InboxFailed(_logger, error);
            }
        }
    }

    /// <returns>What kept the store from it, or null.</returns>
    private Task<JournalException?> Begin(InboxCommand command)
    {
        var handling = new TaskCompletionSource<JournalException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var current = _inFlight.GetOrAdd(command.Id, handling.Task);
        if (ReferenceEquals(current, handling.Task))
        {
            _ = HandleAsync(command, handling);
        }

        return current;
    }

    private async Task HandleAsync(InboxCommand command, TaskCompletionSource<JournalException?> handling)
    {
        JournalException? failure = null;
        try
        {
            if (await DeliverAsync(command) is not { } outcome || await _inbox.SettleAsync(new HandledCommand(command.Id, outcome), _stop.Token))
            {
                _signals.TellCommandHandled(command.Id);
            }
        }
        catch (Exception error) when (error is JournalException or ShardLostException or AppendRefusedException or OperationCanceledException)
        {
            // Still in the inbox, or handled by another owner: the next round, here or there, finds out.
            RuntimeLog.InboxFailed(_logger, error);

            // A command that the store refuses for what it is must not keep the others of its shard waiting.
            failure = error is JournalException { IsTransient: true } away ? away : null;
        }
        finally
        {
            _inFlight.TryRemove(command.Id, out _);
            handling.SetResult(failure);
        }
    }

    /// <returns>The outcome that is still to be written, or null where it was written with the events.</returns>
    private async Task<byte[]?> DeliverAsync(InboxCommand command)
    {
        InboxBody? body;
        try
        {
            body = JsonSerializer.Deserialize(command.Body.Span, InboxJson.Default.InboxBody);
        }
        catch (JsonException error)
        {
            return new InboxOutcome(new Refusal(RefusalCodes.Unreadable, $"The command cannot be read: {error.Message}", null)).Encode();
        }

        if (body!.Command is not { } wanted)
        {
            return await AnswerAsync(command.Job);
        }

        if (body.Tried is { } tried && await tried.IsThereAsync(_journal, command.Job, _stop.Token))
        {
            return new InboxOutcome().Encode();
        }

        var deliver = new ActorMessage.Deliver(wanted, [], body.Claims) { InboxId = command.Id };
        _region.Tell(command.Job, deliver);
        try
        {
            return await deliver.Reply.Task is CommandResult.Refused { Refusal: var refusal } ? new InboxOutcome(refusal).Encode() : null;
        }
        catch (AppendRefusedException refused) when (refused.Claim is { Holder: { } holder, Kind: var kind })
        {
            return new InboxOutcome(new Refusal(RefusalCodes.AlreadyDone, refused.Message, null), holder, kind).Encode();
        }
    }

    private async Task<byte[]> AnswerAsync(JobId job)
    {
        try
        {
            if (await LookAsync(job, startOwed: false) is not { } found)
            {
                return new InboxOutcome().Encode();
            }

            var waiting = _explain(found);
            if (waiting is null && OwedWork.Of(found) is { Running: null })
            {
                // It neither runs nor waits for a place: nobody has thought of it since its history could not be read.
                waiting = await LookAsync(job, startOwed: true) is { } again ? _explain(again) : null;
            }

            return new InboxOutcome(Waiting: waiting).Encode();
        }
        catch (JobQuarantinedException)
        {
            return new InboxOutcome().Encode();
        }
    }

    private Task<Job?> LookAsync(JobId job, bool startOwed)
    {
        var look = new ActorMessage.Look(startOwed);
        _region.Tell(job, look);
        return look.Reply.Task;
    }
}
