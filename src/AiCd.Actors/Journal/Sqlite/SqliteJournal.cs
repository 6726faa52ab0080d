using System.Text.Json;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteJournal(SqliteDatabase database, TimeProvider time) : IJournal
{
    private const string Columns = "journal.shard, shard_seq, journal.job_id, seq_nr, tenant, event, payload, recorded_at";

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

    public IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        ReadChosenAsync(
            "select value as id from json_each(?1) order by value", JsonSerializer.Serialize(jobs.Select(job => job.Value).Distinct()), after, cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        ReadChosenAsync(
            "select job_id as id from active_jobs where shard in (select value from json_each(?1))", JsonSerializer.Serialize(shards), after, cancellationToken);

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

    /// <param name="chosen">A query for the ids of jobs, with the parameter.</param>
    private IAsyncEnumerable<JournalRow> ReadChosenAsync(
        string chosen, string parameter, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken)
    {
        // Mostly there is nothing to begin at: then nothing is asked for every job.
        var text = after.Count == 0
            ? $"select {Columns} from ({chosen}) as chosen join journal on journal.job_id = chosen.id order by journal.job_id, seq_nr"
            : "with base as materialized (select key as id, value as seq from json_each(?2)) "
                + $"select {Columns} from ({chosen}) as chosen left join base on base.id = chosen.id join journal on journal.job_id = chosen.id "
                + "where seq_nr > coalesce(base.seq, 0) order by journal.job_id, seq_nr";
        return SqliteRowStream.ReadAsync(
            database,
            session =>
            {
                var statement = session.Prepare(text).Bind(1, parameter);
                return after.Count == 0 ? statement : statement.Bind(2, JsonSerializer.Serialize(after.ToDictionary(pair => pair.Key.Value, pair => pair.Value)));
            },
            cancellationToken);
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
