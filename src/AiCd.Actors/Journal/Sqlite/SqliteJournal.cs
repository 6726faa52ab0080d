using System.Text.Json;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteJournal(SqliteDatabase database, TimeProvider time) : IJournal
{
    private const string Columns = "shard, shard_seq, journal.job_id, seq_nr, tenant, event, payload, recorded_at";

    public async Task<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        if (BatchShape.Check(batch) is { } reason)
        {
            return new AppendResult.RowRefused(reason, Claim: null);
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await database.WriteAsync(Durability.Full, session => new SqliteAppend(session, batch, now).Run(), cancellationToken);
    }

    public Task<IReadOnlyList<OwnedShard>> SettleAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<OwnedShard>>(Durability.Full, session => RaiseEpochs(session, incarnation, shards), cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) =>
        SqliteRowStream.ReadAsync(
            database,
            session => session
                .Prepare($"select {Columns} from journal where job_id in (select value from json_each(?)) order by job_id, seq_nr")
                .Bind(1, JsonSerializer.Serialize(jobs.Select(job => job.Value))),
            cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        SqliteRowStream.ReadAsync(
            database,
            session => session
                .Prepare($"select journal.{Columns} from active_jobs join journal on journal.job_id = active_jobs.job_id "
                    + "where active_jobs.shard in (select value from json_each(?)) order by journal.job_id, seq_nr")
                .Bind(1, JsonSerializer.Serialize(shards)),
            cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadShardAsync(int shard, long afterShardSeq, int limit, CancellationToken cancellationToken) =>
        SqliteRowStream.ReadAsync(
            database,
            session => session
                .Prepare($"select {Columns} from journal where shard = ? and shard_seq > ? order by shard_seq limit ?")
                .Bind(1, shard)
                .Bind(2, afterShardSeq)
                .Bind(3, limit),
            cancellationToken);

    public Task<JobId?> FindClaimAsync(string tenant, string kind, string key, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindClaim(session, tenant, kind, key), cancellationToken);

    public static JobId? FindClaim(SqliteSession session, string tenant, string kind, string key)
    {
        var statement = session.Prepare("select job_id from claims where tenant = ? and kind = ? and key = ?").Bind(1, tenant).Bind(2, kind).Bind(3, key);
        JobId? holder = statement.Step() ? JobId.Parse(statement.Text(0)) : null;
        statement.Reset();
        return holder;
    }

    private static List<OwnedShard> RaiseEpochs(SqliteSession session, string incarnation, IReadOnlyCollection<int> shards)
    {
        var owned = new List<OwnedShard>(shards.Count);
        var raise = session.Prepare("update shards set epoch = epoch + 1 where shard = ? and owner = ? returning epoch, head");
        foreach (var shard in shards.Distinct().Order())
        {
            raise.Bind(1, shard).Bind(2, incarnation);
            while (raise.Step())
            {
                owned.Add(new OwnedShard(shard, raise.Int64(0), raise.Int64(1)));
            }
        }

        session.Commit();
        return owned;
    }
}
