using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.InMemory;

/// <summary>One append: everything is judged on a picture of what the batch would leave before anything is written.</summary>
internal sealed class InMemoryAppend(InMemoryData data, AppendBatch batch)
{
    private readonly Dictionary<JobId, int> _lastSeqs = [];
    private readonly Dictionary<ClaimKey, HeldClaim?> _claims = [];
    private readonly HashSet<Guid> _handled = [];

    public AppendResult Run()
    {
        var lost = batch.Fences.Where(fence => !Holds(fence)).Select(fence => fence.Shard).ToList();
        if (lost.Count > 0)
        {
            return new AppendResult.ShardsLost(lost);
        }

        foreach (var entry in batch.Entries)
        {
            if (Judge(entry) is { } refused)
            {
                return refused;
            }
        }

        Write();
        return AppendResult.Committed.Instance;
    }

    private bool Holds(ShardFence fence) =>
        fence.Shard < data.Shards.Length
        && data.Shards[fence.Shard] is var shard
        && shard.Owner == batch.Incarnation
        && shard.Epoch == fence.Epoch
        && shard.Head == fence.Head;

    private AppendResult.RowRefused? Judge(AppendEntry entry)
    {
        if (entry.FirstSeq <= LastSeq(entry.Job))
        {
            return new AppendResult.RowRefused($"Event {entry.FirstSeq} of job {entry.Job} is there already", Claim: null);
        }

        if (entry.Handled is { } handled && (!InMemoryInbox.IsPending(data, handled.Id) || !_handled.Add(handled.Id)))
        {
            return new AppendResult.RowRefused($"Command {handled.Id} was handled already", Claim: null);
        }

        _lastSeqs[entry.Job] = entry.FirstSeq + entry.Events.Count - 1;
        foreach (var claim in entry.Claims)
        {
            var key = new ClaimKey(entry.Tenant, claim.Kind, claim.Key);
            var held = Holder(key);
            if (held is { } other && other.Job != entry.Job)
            {
                return new AppendResult.RowRefused(
                    $"{claim.Kind} '{claim.Key}' is held by job {other.Job}", new ClaimConflict(claim.Kind, claim.Key, other.Job));
            }

            _claims[key] = new HeldClaim(entry.Job, claim.Permanent || held is { Permanent: true });
        }

        if (entry.Activity == Activity.Ends)
        {
            ReleaseClaims(entry.Job);
        }

        return null;
    }

    private int LastSeq(JobId job) =>
        _lastSeqs.TryGetValue(job, out var seq) ? seq
        : data.Jobs.TryGetValue(job, out var rows) ? rows[^1].Seq
        : 0;

    private HeldClaim? Holder(ClaimKey key) =>
        _claims.TryGetValue(key, out var changed) ? changed
        : data.Claims.TryGetValue(key, out var held) ? held
        : null;

    private void ReleaseClaims(JobId job)
    {
        var keys = data.KeysOf.GetValueOrDefault(job, []).Concat(_claims.Keys);
        foreach (var key in keys.Where(key => Holder(key) is { Permanent: false } held && held.Job == job).ToList())
        {
            _claims[key] = null;
        }
    }

    private void Write()
    {
        foreach (var entry in batch.Entries)
        {
            WriteEvents(entry);
            if (entry.Handled is { } handled)
            {
                InMemoryInbox.TrySettle(data, handled);
            }

            InMemoryArtifacts.Put(data, entry.Tenant, entry.Artifacts);
            Refer(entry);
        }

        foreach (var (key, held) in _claims)
        {
            if (held is { } claim)
            {
                data.Claims[key] = claim;
                KeysOf(claim.Job).Add(key);
            }
            else
            {
                data.Claims.Remove(key);
            }
        }
    }

    private void Refer(AppendEntry entry)
    {
        if (entry.References.Count == 0)
        {
            return;
        }

        if (!data.References.TryGetValue(entry.Job, out var named))
        {
            data.References.Add(entry.Job, named = []);
        }

        named.UnionWith(entry.References.Select(sha256 => new ArtifactKey(entry.Tenant, sha256)));
    }

    private List<ClaimKey> KeysOf(JobId job)
    {
        if (!data.KeysOf.TryGetValue(job, out var keys))
        {
            data.KeysOf.Add(job, keys = []);
        }

        return keys;
    }

    private void WriteEvents(AppendEntry entry)
    {
        var shard = data.Shards[entry.Job.Shard];
        if (!data.Jobs.TryGetValue(entry.Job, out var rows))
        {
            data.Jobs.Add(entry.Job, rows = []);
        }

        for (var i = 0; i < entry.Events.Count; i++)
        {
            var (name, payload, at) = entry.Events[i];

            // Copied: the caller's buffer may come from a pool.
            var row = new JournalRow(
                entry.Job.Shard, entry.FirstShardSeq + i, entry.Job, entry.FirstSeq + i, entry.Tenant, name, payload.ToArray(), UnixMilliseconds.Truncate(at));
            shard.Rows.Add(row);
            shard.Head = row.ShardSeq;
            rows.Add(row);
        }

        if (entry.Activity == Activity.Begins)
        {
            shard.Active.Add(entry.Job);
        }
        else if (entry.Activity == Activity.Ends)
        {
            shard.Active.Remove(entry.Job);
            data.KeysOf.Remove(entry.Job);
        }
    }
}
