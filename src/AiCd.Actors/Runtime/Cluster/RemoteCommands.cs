using System.Collections.Concurrent;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Runtime.Cluster;

/// <summary>Sends commands to the owner of a job through the inbox, and waits a bounded time for what becomes of them.</summary>
internal sealed class RemoteCommands : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    private readonly IStore _store;
    private readonly NodeSignals _signals;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    public RemoteCommands(IStore store, NodeSignals signals, TimeSpan patience, TimeProvider time)
    {
        _store = store;
        _signals = signals;
        Patience = patience;
        _time = time;
        _signals.CommandHandled += OnHandled;
    }

    /// <summary>How long a caller waits before it hears that the command is accepted and not applied yet.</summary>
    public TimeSpan Patience { get; set; }

    /// <param name="command">Null to ask why the job waits.</param>
    /// <param name="tried">Where this node was the owner and does not know whether it applied the command.</param>
    /// <returns>Null where the command is durable but its outcome is not known yet.</returns>
    public async Task<InboxOutcome?> SendAsync(
        JobId job,
        string tenant,
        JobCommand? command,
        IReadOnlyList<Claim> claims,
        IReadOnlyList<ArtifactContent> contents,
        TriedAppend? tried,
        CancellationToken cancellationToken)
    {
        if (contents.Count > 0)
        {
            await _store.Artifacts.PutAsync(tenant, contents, cancellationToken);
        }

        var id = Guid.CreateVersion7(_time.GetUtcNow());
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = handled;
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new InboxBody(command, claims, tried), InboxJson.Default.InboxBody);
            await _store.Inbox.PostAsync(new InboxCommand(id, job, tenant, body), cancellationToken);
            _signals.TellCommandPosted();
            return await WaitAsync(id, handled.Task, cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public void Dispose() => _signals.CommandHandled -= OnHandled;

    private async Task<InboxOutcome?> WaitAsync(Guid id, Task handled, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < Patience)
        {
            await Task.WhenAny(handled, Task.Delay(PollEvery, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (await _store.Inbox.FindOutcomeAsync(id, cancellationToken) is { } outcome)
            {
                return JsonSerializer.Deserialize(outcome.Span, InboxJson.Default.InboxOutcome);
            }
        }

        return null;
    }

    private void OnHandled(Guid id)
    {
        if (_waiting.TryGetValue(id, out var handled))
        {
            handled.TrySetResult();
        }
    }
}
