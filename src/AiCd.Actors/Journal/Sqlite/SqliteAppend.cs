using Microsoft.Data.Sqlite;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>One append inside the transaction of its session. Whoever returns without a commit leaves nothing behind.</summary>
internal sealed class SqliteAppend(SqliteSession session, AppendBatch batch, long now)
{
    private readonly SqliteStatement _insertEvent = session.Prepare(
        "insert into journal (shard, shard_seq, job_id, seq_nr, tenant, event, payload, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?)");

    public AppendResult Run()
    {
        var lost = MoveHeads();
        if (lost.Count > 0)
        {
            return new AppendResult.ShardsLost(lost);
        }

        foreach (var entry in batch.Entries)
        {
            if (Write(entry) is { } refused)
            {
                return refused;
            }
        }

        session.Commit();
        return AppendResult.Committed.Instance;
    }

    private List<int> MoveHeads()
    {
        var lost = new List<int>();
        var move = session.Prepare("update shards set head = head + ?1 where shard = ?2 and owner = ?3 and epoch = ?4 and head = ?5");
        foreach (var fence in batch.Fences)
        {
            var moved = move.Bind(1, fence.Count).Bind(2, fence.Shard).Bind(3, batch.Incarnation).Bind(4, fence.Epoch).Bind(5, fence.Head).Run();
            if (moved == 0)
            {
                lost.Add(fence.Shard);
            }
        }

        return lost;
    }

    private AppendResult.RowRefused? Write(AppendEntry entry)
    {
        try
        {
            InsertEvents(entry);
            if (Claim(entry) is { } conflict)
            {
                return new AppendResult.RowRefused($"{conflict.Kind} '{conflict.Key}' is held by job {conflict.Holder}", conflict);
            }

            if (entry.Handled is { } handled && !SqliteInbox.TrySettle(session, handled, now))
            {
                return new AppendResult.RowRefused($"Command {handled.Id} was handled already", Claim: null);
            }

            SqliteArtifacts.Put(session, entry.Tenant, entry.Artifacts, now);
            Refer(entry);
            Move(entry);
            return null;
        }
        catch (SqliteException error) when (SqliteErrors.RefusesRow(error))
        {
            return new AppendResult.RowRefused($"Job {entry.Job} from event {entry.FirstSeq}: {error.Message}", Claim: null);
        }
    }

    private void InsertEvents(AppendEntry entry)
    {
        var shard = entry.Job.Shard;
        for (var i = 0; i < entry.Events.Count; i++)
        {
            var data = entry.Events[i];
            _insertEvent
                .Bind(1, shard)
                .Bind(2, entry.FirstShardSeq + i)
                .Bind(3, entry.Job.Value)
                .Bind(4, entry.FirstSeq + i)
                .Bind(5, entry.Tenant)
                .Bind(6, data.Event)
                .Bind(7, data.Payload.Span)
                .Bind(8, data.RecordedAt.ToUnixTimeMilliseconds())
                .Run();
        }
    }

    private ClaimConflict? Claim(AppendEntry entry)
    {
        foreach (var claim in entry.Claims)
        {
            // A claim that the job holds already stays, and never turns from permanent to passing.
            var taken = session.Prepare(
                    "insert into claims (tenant, kind, key, job_id, permanent) values (?, ?, ?, ?, ?) "
                    + "on conflict do update set permanent = max(permanent, excluded.permanent) where job_id = excluded.job_id")
                .Bind(1, entry.Tenant)
                .Bind(2, claim.Kind)
                .Bind(3, claim.Key)
                .Bind(4, entry.Job.Value)
                .Bind(5, claim.Permanent ? 1 : 0)
                .Run();
            if (taken == 0)
            {
                return new ClaimConflict(claim.Kind, claim.Key, SqliteJournal.FindClaim(session, entry.Tenant, claim.Kind, claim.Key));
            }
        }

        return null;
    }

    private void Refer(AppendEntry entry)
    {
        foreach (var sha256 in entry.References)
        {
            session.Prepare("insert into artifact_refs (job_id, sha256, tenant, shard) values (?, ?, ?, ?) on conflict do nothing")
                .Bind(1, entry.Job.Value)
                .Bind(2, sha256)
                .Bind(3, entry.Tenant)
                .Bind(4, entry.Job.Shard)
                .Run();
        }
    }

    private void Move(AppendEntry entry)
    {
        if (entry.Activity == Activity.Begins)
        {
            session.Prepare("insert into active_jobs (shard, job_id) values (?, ?) on conflict do nothing")
                .Bind(1, entry.Job.Shard).Bind(2, entry.Job.Value).Run();
        }
        else if (entry.Activity == Activity.Ends)
        {
            session.Prepare("delete from active_jobs where shard = ? and job_id = ?").Bind(1, entry.Job.Shard).Bind(2, entry.Job.Value).Run();
            session.Prepare("delete from claims where job_id = ? and permanent = 0").Bind(1, entry.Job.Value).Run();
        }
    }
}
