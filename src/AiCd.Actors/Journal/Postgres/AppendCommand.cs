using Npgsql;
using NpgsqlTypes;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>The call of <c>aicd_append</c> and <c>aicd_refer</c>; parameters are made in the order of the functions'.</summary>
internal sealed class AppendCommand : ArrayCommand
{
    private readonly NpgsqlParameter<string> _owner;
    private readonly List<int> _fenceShard, _fenceCount, _shard, _seq, _beginShard, _endShard, _referShard;
    private readonly List<long> _fenceEpoch, _fenceHead, _shardSeq;
    private readonly List<string> _job, _tenant, _event, _beginJob, _endJob;
    private readonly List<string> _claimTenant, _claimKind, _claimKey, _claimJob, _artifactTenant, _artifactHash, _referJob, _referHash, _referTenant;
    private readonly List<ReadOnlyMemory<byte>> _payload, _artifactContent, _handledOutcome;
    private readonly List<DateTime> _recordedAt;
    private readonly List<bool> _claimPermanent;
    private readonly List<Guid> _handledId;

    public AppendCommand()
    {
        _owner = Text();
        _fenceShard = Array<int>(NpgsqlDbType.Integer);
        _fenceEpoch = Array<long>(NpgsqlDbType.Bigint);
        _fenceHead = Array<long>(NpgsqlDbType.Bigint);
        _fenceCount = Array<int>(NpgsqlDbType.Integer);
        _shard = Array<int>(NpgsqlDbType.Integer);
        _shardSeq = Array<long>(NpgsqlDbType.Bigint);
        _job = Array<string>(NpgsqlDbType.Text);
        _seq = Array<int>(NpgsqlDbType.Integer);
        _tenant = Array<string>(NpgsqlDbType.Text);
        _event = Array<string>(NpgsqlDbType.Text);
        _payload = Array<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        _recordedAt = Array<DateTime>(NpgsqlDbType.TimestampTz);
        _beginShard = Array<int>(NpgsqlDbType.Integer);
        _beginJob = Array<string>(NpgsqlDbType.Text);
        _endShard = Array<int>(NpgsqlDbType.Integer);
        _endJob = Array<string>(NpgsqlDbType.Text);
        _claimTenant = Array<string>(NpgsqlDbType.Text);
        _claimKind = Array<string>(NpgsqlDbType.Text);
        _claimKey = Array<string>(NpgsqlDbType.Text);
        _claimJob = Array<string>(NpgsqlDbType.Text);
        _claimPermanent = Array<bool>(NpgsqlDbType.Boolean);
        _artifactTenant = Array<string>(NpgsqlDbType.Text);
        _artifactHash = Array<string>(NpgsqlDbType.Text);
        _artifactContent = Array<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        _handledId = Array<Guid>(NpgsqlDbType.Uuid);
        _handledOutcome = Array<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        var append = CallOf("aicd_append");
        _referJob = Array<string>(NpgsqlDbType.Text);
        _referHash = Array<string>(NpgsqlDbType.Text);
        _referTenant = Array<string>(NpgsqlDbType.Text);
        _referShard = Array<int>(NpgsqlDbType.Integer);
        Runs(append, CallOf("aicd_refer"));
    }

    public void Fill(AppendBatch batch)
    {
        Clear();
        _owner.TypedValue = batch.Incarnation;
        foreach (var fence in batch.Fences)
        {
            _fenceShard.Add(fence.Shard);
            _fenceEpoch.Add(fence.Epoch);
            _fenceHead.Add(fence.Head);
            _fenceCount.Add(fence.Count);
        }

        foreach (var entry in batch.Entries)
        {
            AddEvents(entry);
            AddActivity(entry);
            AddClaims(entry);
            AddReferences(entry);
            if (entry.Handled is { } handled)
            {
                _handledId.Add(handled.Id);
                _handledOutcome.Add(handled.Outcome);
            }
        }

        AddArtifacts(batch.Entries);
    }

    private void AddEvents(AppendEntry entry)
    {
        var shard = entry.Job.Shard;
        for (var i = 0; i < entry.Events.Count; i++)
        {
            var (name, payload, at) = entry.Events[i];
            _shard.Add(shard);
            _shardSeq.Add(entry.FirstShardSeq + i);
            _job.Add(entry.Job.Value);
            _seq.Add(entry.FirstSeq + i);
            _tenant.Add(entry.Tenant);
            _event.Add(name);
            _payload.Add(payload);
            _recordedAt.Add(UnixMilliseconds.Truncate(at).UtcDateTime);
        }
    }

    private void AddActivity(AppendEntry entry)
    {
        if (entry.Activity == Activity.Begins)
        {
            _beginShard.Add(entry.Job.Shard);
            _beginJob.Add(entry.Job.Value);
        }
        else if (entry.Activity == Activity.Ends)
        {
            _endShard.Add(entry.Job.Shard);
            _endJob.Add(entry.Job.Value);
        }
    }

    private void AddClaims(AppendEntry entry)
    {
        foreach (var claim in entry.Claims)
        {
            _claimTenant.Add(entry.Tenant);
            _claimKind.Add(claim.Kind);
            _claimKey.Add(claim.Key);
            _claimJob.Add(entry.Job.Value);
            _claimPermanent.Add(claim.Permanent);
        }
    }

    private void AddReferences(AppendEntry entry)
    {
        foreach (var sha256 in entry.References)
        {
            _referJob.Add(entry.Job.Value);
            _referHash.Add(sha256);
            _referTenant.Add(entry.Tenant);
            _referShard.Add(entry.Job.Shard);
        }
    }

    private void AddArtifacts(IReadOnlyList<AppendEntry> entries)
    {
        foreach (var (tenant, sha256, content) in OrderedArtifacts.Of(entries.SelectMany(entry => entry.Artifacts.Select(artifact => (entry.Tenant, artifact)))))
        {
            _artifactTenant.Add(tenant);
            _artifactHash.Add(sha256);
            _artifactContent.Add(content);
        }
    }
}
