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

    /// <summary>How long one who hurries waits for what becomes of a command.</summary>
    private static readonly TimeSpan PatienceInHurry = TimeSpan.FromSeconds(2);

    private readonly IStore _store;
    private readonly NodeSignals _signals;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();
    private readonly TimeSpan _patience;
    private volatile Hurry? _hurry;

    /// <param name="patience">How long a caller waits before it hears that the command is accepted and not applied yet.</param>
    public RemoteCommands(IStore store, NodeSignals signals, TimeSpan patience, TimeProvider time)
    {
        _store = store;
        _signals = signals;
        _patience = patience;
        _time = time;
        _signals.CommandHandled += OnHandled;
    }

    /// <summary>
    /// The node stops. What it sends is durable once it is posted, and its results need no answer. An effect does: its intent must be in
    /// the history before it begins, so that is waited for as long as ever where somebody is there to answer.
    /// </summary>
    public void HurryUp(bool othersLive) => _hurry = new Hurry(othersLive);

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
            return await WaitAsync(id, command, handled.Task, cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public void Dispose() => _signals.CommandHandled -= OnHandled;

    private async Task<InboxOutcome?> WaitAsync(Guid id, JobCommand? command, Task handled, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < PatienceFor(command))
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

    private TimeSpan PatienceFor(JobCommand? command) =>
        _hurry is not { } hurry || (command is JobCommand.IntendEffect && hurry.OthersLive) || _patience < PatienceInHurry ? _patience : PatienceInHurry;

    private void OnHandled(Guid id)
    {
        if (_waiting.TryGetValue(id, out var handled))
        {
            handled.TrySetResult();
        }
    }

    private sealed record Hurry(bool OthersLive);
}
