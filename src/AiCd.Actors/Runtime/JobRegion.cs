using System.Collections.Concurrent;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Runtime;

/// <summary>Finds the actor of a job, or makes it. At most one actor of a job lives at a time.</summary>
internal sealed class JobRegion : IDisposable
{
    private readonly ConcurrentDictionary<JobId, JobActor> _actors = new();
    private readonly ShardLedger _ledger;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public JobRegion(ShardLedger ledger, EngineOptions options, TimeProvider time)
    {
        _ledger = ledger;
        _options = options;
        _time = time;
        _sweep = time.CreateTimer(_ => Sweep(), null, options.PassivateAfter, options.PassivateAfter);
    }

    /// <summary>Set once, before the first message: the context needs the region, and the region the context.</summary>
    public ActorContext Context { private get; set; } = null!;

    public int LiveActors => _actors.Count;

    public IReadOnlyList<ActorView> Actors() => [.. _actors.Values.Select(actor => new ActorView(
        actor.Id, actor.Waiting, _time.GetElapsedTime(actor.StartedAt), _time.GetElapsedTime(actor.LastActive)))];

    public bool IsCrowded => _actors.Count > _options.MaxIdleActors;

    /// <summary>Every message is handled once or told that it failed.</summary>
    public void Tell(JobId job, ActorMessage message)
    {
        if (!_ledger.Owns(job.Shard))
        {
            message.Fail(new ShardLostException(job.Shard));
            return;
        }

        if (!_actors.TryGetValue(job, out var actor))
        {
            var fresh = new JobActor(job, Context);
            actor = _actors.GetOrAdd(job, fresh);
            if (ReferenceEquals(actor, fresh))
            {
                fresh.Start();
                if (!_ledger.Owns(job.Shard))
                {
                    // Lost since it was asked for, and whoever abandoned the shard's actors did not see this one: what it knows would
                    // be old when the shard comes back.
                    fresh.Abandon(new ShardLostException(job.Shard));
                }
            }
        }

        if (!actor.Tell(message))
        {
            // It is passivating or abandoned: its successor must not begin before it has ended.
            actor.Stopped.ContinueWith(_ => Tell(job, message), TaskScheduler.Default);
        }
    }

    public void Forget(JobActor actor) => _actors.TryRemove(KeyValuePair.Create(actor.Id, actor));

    /// <summary>The shards have another owner: their actors end without another word to the journal.</summary>
    public async Task AbandonAsync(IReadOnlyCollection<int> shards)
    {
        var abandoned = _actors.Values.Where(actor => shards.Contains(actor.Id.Shard)).ToList();
        abandoned.ForEach(actor => actor.Abandon(new ShardLostException(actor.Id.Shard)));
        await Task.WhenAll(abandoned.Select(actor => actor.Stopped));
    }

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        foreach (var actor in _actors.Values)
        {
            if (_time.GetElapsedTime(actor.LastActive) >= _options.PassivateAfter)
            {
                actor.Tell(ActorMessage.Passivate.Instance);
            }
        }
    }
}
