using AiCd.Actors.Jobs;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresJournal(PostgresDatabase database) : IJournal
{
    private const string Columns = "shard, shard_seq, job_id, seq_nr, tenant, event, payload, recorded_at";

    // The order inside keeps the planner at the index of the job: it would otherwise join by reading the journal whole, where it
    // believes the jobs to be many.
    private const string EventsOfChosen =
        $"cross join lateral (select {Columns} from journal where journal.job_id = chosen.id order by seq_nr) as events order by chosen.id, seq_nr";

    private const string EventsAfterBase =
        $"cross join lateral (select {Columns} from journal where journal.job_id = chosen.id and seq_nr > coalesce(base.seq, 0) order by seq_nr) as events order by chosen.id, seq_nr";

    private readonly PostgresAppender _appender = new(database);

    public async Task<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken) =>
        BatchShape.Check(batch) is { } reason
            ? new AppendResult.RowRefused(reason, Claim: null)
            : await _appender.AppendAsync(batch, cancellationToken);

    // Locking waits for the ghost of an append, which holds the same rows; only then is the head read, by a statement of its own.
    public Task<IReadOnlyList<OwnedShard>> SettleAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) => database.RunAsync(
        PostgresNodes.ReadOwnedAsync,
        cancellationToken,
        PostgresNodes.LockShards(shards),
        Statement(
            "update shards set epoch = epoch + 1 where shard = any ($2) and owner = $1 returning shard, epoch, head",
            Value(incarnation),
            Value(shards.ToArray())));

    public IAsyncEnumerable<JournalRow> ReadJobsAsync(IReadOnlyCollection<JobId> jobs, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        ReadChosenAsync("select distinct id from unnest($1) as given (id) order by id", Value(jobs.Select(job => job.Value).ToArray()), after, cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadActiveAsync(IReadOnlyCollection<int> shards, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) =>
        ReadChosenAsync("select job_id as id from active_jobs where shard = any ($1) order by job_id", Value(shards.ToArray()), after, cancellationToken);

    public IAsyncEnumerable<JournalRow> ReadShardAsync(int shard, long afterShardSeq, int limit, CancellationToken cancellationToken) => PostgresRowStream.ReadAsync(
        database,
        $"select {Columns} from journal where shard = $1 and shard_seq > $2 order by shard_seq limit $3",
        [Value(shard), Value(afterShardSeq), Value(limit)],
        cancellationToken);

    public async Task<JobId?> FindClaimAsync(string tenant, string kind, string key, CancellationToken cancellationToken)
    {
        var holders = await database.QueryAsync(
            reader => JobId.Parse(reader.GetString(0)),
            cancellationToken,
            Statement("select job_id from claims where tenant = $1 and kind = $2 and key = $3", Value(tenant), Value(kind), Value(key)));
        return holders.Count > 0 ? holders[0] : null;
    }

    /// <param name="chosen">A query for the ids of jobs, with the parameter.</param>
    private IAsyncEnumerable<JournalRow> ReadChosenAsync(
        string chosen, NpgsqlParameter parameter, IReadOnlyDictionary<JobId, int> after, CancellationToken cancellationToken) => after.Count == 0
        ? PostgresRowStream.ReadAsync(database, $"select events.* from ({chosen}) as chosen {EventsOfChosen}", [parameter], cancellationToken)
        : PostgresRowStream.ReadAsync(
            database,
            $"select events.* from ({chosen}) as chosen left join unnest($2, $3) as base (id, seq) on base.id = chosen.id {EventsAfterBase}",
            [parameter, Value(after.Keys.Select(job => job.Value).ToArray()), Value(after.Values.ToArray())],
            cancellationToken);
}
