using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>
/// What nodes tell each other through the database. Signals are coalesced and best effort: everything they speed up is also found by
/// polling.
/// </summary>
internal sealed class NodeSignals : IAsyncDisposable
{
    /// <summary>For those who are no node and tell nodes that they should look at the cluster.</summary>
    public const string ShardsMovedMessage = "moved";

    private const int MaxMessage = 4_000;
    private const int JobsAMessage = 100;
    private const char Separator = '\n';

    private readonly IInbox _inbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<string> _outgoing = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loops;

    public NodeSignals(IInbox inbox, TimeProvider time, ILogger logger)
    {
        _inbox = inbox;
        _time = time;
        _logger = logger;
        _loops = Task.WhenAll(Task.Run(SendAsync), Task.Run(ListenAsync));
    }

    /// <summary>A command waits in the inbox.</summary>
    public event Action? CommandPosted;

    /// <summary>A command of the inbox was handled.</summary>
    public event Action<Guid>? CommandHandled;

    /// <summary>The result of an attempt is not wanted any more.</summary>
    public event Action<string>? AttemptUnwanted;

    /// <summary>Shards were given up, or a node came or went.</summary>
    public event Action? ShardsMoved;

    /// <summary>An operator changed a pool.</summary>
    public event Action? PoolsChanged;

    /// <summary>Somebody reads what attempts of these jobs say, at the node of this incarnation.</summary>
    public event Action<string, IReadOnlyList<JobId>>? JobsWatched;

    public void TellPoolsChanged() => _outgoing.Writer.TryWrite("pools");

    public void TellJobsWatched(string incarnation, IReadOnlyCollection<JobId> jobs)
    {
        foreach (var some in jobs.Chunk(JobsAMessage))
        {
            _outgoing.Writer.TryWrite($"watched {incarnation} {string.Join(' ', some)}");
        }
    }

    public void TellCommandPosted() => _outgoing.Writer.TryWrite("posted");

    public void TellCommandHandled(Guid command) => _outgoing.Writer.TryWrite($"handled {command}");

    public void TellAttemptUnwanted(string attemptId) => _outgoing.Writer.TryWrite($"unwanted {attemptId}");

    public void TellShardsMoved() => _outgoing.Writer.TryWrite(ShardsMovedMessage);

    public async ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loops;
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        while (await _outgoing.Reader.WaitToReadAsync())
        {
            var messages = new HashSet<string>();
            var length = 0;
            while (length < MaxMessage && _outgoing.Reader.TryRead(out var message))
            {
                length += messages.Add(message) ? message.Length + 1 : 0;
            }

            try
            {
                await _inbox.SignalAsync(string.Join(Separator, messages), _stop.Token);
            }
            catch (Exception error) when (error is JournalException or OperationCanceledException)
            {
                RuntimeLog.SignalFailed(_logger, error);
            }
        }
    }

    private async Task ListenAsync()
    {
        for (var failures = 1; !_stop.IsCancellationRequested; failures++)
        {
            try
            {
                await foreach (var batch in _inbox.ListenAsync(_stop.Token))
                {
                    failures = 1;
                    foreach (var message in batch.Split(Separator))
                    {
                        Dispatch(message);
                    }
                }
            }
            catch (Exception error) when (error is JournalException or OperationCanceledException)
            {
                RuntimeLog.SignalFailed(_logger, error);
            }

            var pause = Backoff.After(TimeSpan.FromMilliseconds(200), Math.Min(failures, 6), Random.Shared.NextDouble());
            await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Dispatch(string message)
    {
        var (verb, subject) = message.IndexOf(' ', StringComparison.Ordinal) is var space and > 0
            ? (message[..space], message[(space + 1)..])
            : (message, "");
        switch (verb)
        {
            case "posted":
                CommandPosted?.Invoke();
                break;
            case "handled" when Guid.TryParse(subject, out var command):
                CommandHandled?.Invoke(command);
                break;
            case "unwanted":
                AttemptUnwanted?.Invoke(subject);
                break;
            case "watched" when subject.Split(' ') is [var incarnation, .. var jobs]:
                JobsWatched?.Invoke(incarnation, [.. jobs.Where(job => JobId.TryParse(job, out _)).Select(JobId.Parse)]);
                break;
            case IInbox.Listening:
                // Told while nobody listened here: by a node that left as this one came, or while the connection was away.
                CommandPosted?.Invoke();
                PoolsChanged?.Invoke();
                ShardsMoved?.Invoke();
                break;
            case "pools":
                PoolsChanged?.Invoke();
                break;
            case ShardsMovedMessage:
                ShardsMoved?.Invoke();
                break;
        }
    }
}
