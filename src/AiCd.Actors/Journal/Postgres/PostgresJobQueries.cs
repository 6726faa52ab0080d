using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

/// <param name="isolated">True where the web role is there to read under.</param>
internal sealed class PostgresJobQueries(PostgresDatabase database, bool isolated) : IJobQueries
{
    private const string JournalColumns = "shard, shard_seq, job_id, seq_nr, tenant, event, payload, recorded_at";

    // For one transaction: the batch that it begins.
    private readonly string _enter = isolated
        ? $"select set_config('role', '{PostgresWebRole.Name}', true), set_config('aicd.tenant', $1, true)"
        : "select set_config('aicd.tenant', $1, true)";

    public async Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobListQuery query, CancellationToken cancellationToken) =>
        await QueryAsync(tenant, PostgresJobRow.Read, PostgresJobSearch.List(tenant, query), cancellationToken);

    public async Task<long> CountAsync(string tenant, JobFilter filter, int limit, CancellationToken cancellationToken)
    {
        var counts = await QueryAsync(tenant, row => row.GetInt64(0), PostgresJobSearch.Count(tenant, filter, limit), cancellationToken);
        return counts[0];
    }

    public async Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(
            tenant,
            PostgresJobRow.Read,
            Statement($"select {PostgresJobRow.Columns} from jobs where tenant = $1 and id = $2", Value(tenant), Value(job.Value)),
            cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public Task<JobStats> StatsAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string Durations =
            "percentile_cont(array[0.5, 0.95]) within group (order by {0}) filter (where {0} > 0), count(*) filter (where {0} > 0)";
        string[] stages = ["planning_ms", "coding_ms", "reviewing_ms", "pr_open_ms"];
        var from = Value(since.UtcDateTime);
        return RunAsync(
            tenant,
            PostgresJobStats.ReadAsync,
            cancellationToken,
            Statement("select state, count(*) from jobs where tenant = $1 group by state", Value(tenant)),
            Statement("select hold, count(*) from jobs where tenant = $1 and hold is not null group by hold", Value(tenant)),
            Statement("select count(*) from jobs where tenant = $1 and id >= $2", Value(tenant), Value(JobIdRange.Of(since, null).From)),
            Statement("select state, count(*) from jobs where tenant = $1 and ended_at >= $2 group by state", Value(tenant), from),
            Statement(
                $"select coalesce(sum(cost_micros), 0)::bigint, {string.Join(", ", stages.Select(stage => Durations.Replace("{0}", stage, StringComparison.Ordinal)))} "
                + "from jobs where tenant = $1 and ended_at >= $2",
                Value(tenant),
                Value(since.UtcDateTime)));
    }

    public async Task<long> CostAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var sums = await QueryAsync(
            tenant,
            row => row.GetInt64(0),
            Statement("select coalesce(sum(cost_micros), 0)::bigint from jobs where tenant = $1 and ended_at >= $2", Value(tenant), Value(since.UtcDateTime)),
            cancellationToken);
        return sums[0];
    }

    public async Task<IReadOnlyList<JournalRow>> EventsAsync(string tenant, JobId job, int afterSeq, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(
            tenant,
            ReadRow,
            Statement(
                $"select {JournalColumns} from journal where job_id = $1 and tenant = $2 and seq_nr > $3 order by seq_nr limit $4",
                Value(job.Value),
                Value(tenant),
                Value(afterSeq),
                Value(limit)),
            cancellationToken);

    public async Task<byte[]?> FindArtifactAsync(string tenant, string sha256, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(
            tenant,
            row => row.GetFieldValue<byte[]>(0),
            Statement("select content from artifacts where tenant = $1 and sha256 = $2", Value(tenant), Value(sha256)),
            cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public async Task<IReadOnlyList<JournalRow>> TailAsync(IReadOnlyDictionary<int, long> after, int limitPerShard, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            ReadRow,
            cancellationToken,
            Statement(
                $"select events.* from unnest($1, $2) as given (shard, after) cross join lateral (select {JournalColumns} from journal "
                + "where journal.shard = given.shard and journal.shard_seq > given.after order by shard_seq limit $3) as events",
                Value(after.Keys.ToArray()),
                Value(after.Values.ToArray()),
                Value(limitPerShard)));

    private static JournalRow ReadRow(NpgsqlDataReader row) => new(
        row.GetInt32(0),
        row.GetInt64(1),
        JobId.Parse(row.GetString(2)),
        row.GetInt32(3),
        row.GetString(4),
        row.GetString(5),
        row.GetFieldValue<byte[]>(6),
        new DateTimeOffset(row.GetDateTime(7)));

    private Task<List<T>> QueryAsync<T>(string tenant, Func<NpgsqlDataReader, T> map, NpgsqlBatchCommand statement, CancellationToken cancellationToken) =>
        RunAsync(tenant, (reader, token) => PostgresDatabase.ReadAllAsync(reader, map, token), cancellationToken, statement);

    private Task<T> RunAsync<T>(
        string tenant, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken, params NpgsqlBatchCommand[] statements) =>
        database.RunAsync(
            async (reader, token) =>
            {
                await reader.NextResultAsync(token);
                return await read(reader, token);
            },
            cancellationToken,
            [Statement(_enter, Value(tenant)), .. statements]);
}
