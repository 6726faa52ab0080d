using System.Collections.Concurrent;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Actors.Telemetry;

namespace AiCd.Actors.Runtime;

/// <summary>How shards come and go: taken with what their jobs owe, handed over with nothing in flight.</summary>
internal sealed partial class NodeIncarnation
{
    /// <summary>How long a handover waits for the read models; what they lack then the next owner reads from the journal.</summary>
    private static readonly TimeSpan ProjectionGrace = TimeSpan.FromSeconds(2);

    /// <summary>Shards held whose inbox has been read since they were taken.</summary>
    private readonly ConcurrentDictionary<int, bool> _drained = new();

    private async Task TakeAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        if (!_options.DrivesJobs)
        {
            return;
        }

        var taken = await _store.Nodes.AcquireAsync(_lease.Incarnation, shards, cancellationToken);
        if (taken.Count == 0)
        {
            return;
        }

        _ledger.Take(taken);
        _projector.Take(taken);
        var numbers = taken.Select(shard => shard.Shard).ToList();
        try
        {
            await BringBackAsync(numbers, cancellationToken);
        }
        catch
        {
            // A shard that is held counts as recovered. One that is not is taken anew, and recovered whole, in the next round.
            await LetGoAsync(_ledger.Drop(numbers));
            throw;
        }
    }

    /// <summary>
    /// Who lives is asked once the shards are held, so that whoever began an attempt of theirs is known; and before the inbox is read, so
    /// that it holds the last results of whoever is gone by then. In any other order an attempt could be started anew that lives or is done.
    /// </summary>
    private async Task BringBackAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        if (_keeper is not null)
        {
            await _keeper.RefreshAsync(cancellationToken);
        }

        if (_keeper is not null || _recover)
        {
            await _inbox.DrainAsync(shards, cancellationToken);
        }

        foreach (var shard in shards)
        {
            _drained[shard] = true;
        }

        if (_recover)
        {
            await RecoverAsync(shards, cancellationToken);
        }
        else if (_charge is { Job: { } job } && shards.Contains(job.Shard))
        {
            _region.Tell(job, new ActorMessage.Look(StartOwed: true));
        }
    }

    /// <summary>Recovery is replay, and then starting what is owed. A job that waits needs no actor for that.</summary>
    private async Task RecoverAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var (jobs, quarantined) = (0, 0);
        await foreach (var replay in _recovery.OfActiveAsync(shards, cancellationToken))
        {
            if (replay.Job is { } job)
            {
                _context.Owe(job);
                jobs++;
            }
            else
            {
                RuntimeLog.JobQuarantined(_logger, replay.Id.Value, replay.Corruption!);
                quarantined++;
            }
        }

        RuntimeLog.ShardsTaken(_logger, string.Join(',', shards), jobs, quarantined);
    }

    /// <summary>Hands shards over in good order: no append is in flight when the next owner begins.</summary>
    private async Task ReleaseAsync(IReadOnlyList<int> shards)
    {
        await QuiesceAsync(shards);
        await _store.Nodes.ReleaseAsync(_lease.Incarnation, shards, CancellationToken.None);
        _signals.TellShardsMoved();
        RuntimeLog.ShardsReleased(_logger, string.Join(',', shards));
    }

    /// <summary>Hands all shards over. The node is not counted among those that share them any more, or its share would wait for it.</summary>
    private async Task RetireAsync()
    {
        var shards = _ledger.Owned();
        await QuiesceAsync(shards);
        await _store.Nodes.RetireAsync(_lease.Incarnation, CancellationToken.None);
        _signals.TellShardsMoved();
        RuntimeLog.ShardsReleased(_logger, string.Join(',', shards));
    }

    private async Task QuiesceAsync(IReadOnlyList<int> shards)
    {
        await LetGoAsync(_ledger.Drop(shards));
        await _projector.CaughtUpAsync(CancellationToken.None).WaitAsync(ProjectionGrace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The ledger has dropped the shards: their actors end, and what waits in the pools is for others to start.</summary>
    private async Task LetGoAsync(IReadOnlyList<int> shards)
    {
        if (shards.Count > 0)
        {
            var numbers = shards.ToHashSet();
            foreach (var shard in numbers)
            {
                _drained.TryRemove(shard, out _);
            }

            Pools.Remove(numbers);
            _deadlines.Forget(numbers);
            await _region.AbandonAsync(shards);
        }
    }

    /// <summary>An incarnation is gone. Its last results may still be in the inbox, so that is read before anything starts anew.</summary>
    private void OnGone(IReadOnlyList<string> incarnations, IReadOnlyList<JobId> jobs) => _ = TakeUpAsync(incarnations, jobs);

    private async Task TakeUpAsync(IReadOnlyList<string> incarnations, IReadOnlyList<JobId> jobs)
    {
        for (var failures = 1; _stopped == 0; failures++)
        {
            try
            {
                await _inbox.DrainAsync(_ledger.Owned(), CancellationToken.None);
                foreach (var job in jobs.Concat(_living.Settled(incarnations)))
                {
                    _region.Tell(job, new ActorMessage.Look(StartOwed: true));
                }

                return;
            }
            catch (Exception error)
            {
                // Nobody else comes back to these jobs.
                RuntimeLog.TakeUpFailed(_logger, error, failures);
                await Task.Delay(Backoff.After(TimeSpan.FromMilliseconds(200), Math.Min(failures, 6), Random.Shared.NextDouble()), _time);
            }
        }
    }

    /// <summary>Those that others own; where they have taken none yet, whichever they will take.</summary>
    private List<int> ShardsOfOthers()
    {
        if (_keeper is not { View: var view })
        {
            return [];
        }

        var others = view.Nodes.Where(node => node.HasShare && node.Incarnation != _lease.Incarnation).Select(node => node.Incarnation).ToHashSet();
        var owned = view.Shards.Where(shard => shard.Owner is { } owner && others.Contains(owner)).Select(shard => shard.Shard).ToList();
        return owned.Count > 0 || others.Count == 0 ? owned : [.. view.Shards.Select(shard => shard.Shard)];
    }
}
