using AiCd.Actors.Jobs;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresSnapshots(PostgresDatabase database) : ISnapshots
{
    private const string Columns = "s.job_id, s.seq_nr, s.schema, s.state";

    // A crash may undo this commit: what is lost is made again, or not needed.
    private const string Rebuildable = "set local synchronous_commit to off";

    public Task WriteAsync(IReadOnlyCollection<JobSnapshot> snapshots, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement(Rebuildable),
        Statement(
            "insert into snapshots as s (shard, job_id, seq_nr, schema, state) select * from unnest($1, $2, $3, $4, $5) as n (shard, job_id, seq_nr, schema, state) "
            + "order by shard, job_id "
            + "on conflict (shard, job_id) do update set seq_nr = excluded.seq_nr, schema = excluded.schema, state = excluded.state "
            + "where s.schema <> excluded.schema or s.seq_nr < excluded.seq_nr",
            Value(snapshots.Select(snapshot => snapshot.Job.Shard).ToArray()),
            Value(snapshots.Select(snapshot => snapshot.Job.Value).ToArray()),
            Value(snapshots.Select(snapshot => snapshot.Seq).ToArray()),
            Value(snapshots.Select(snapshot => snapshot.Schema).ToArray()),
            Value(snapshots.Select(snapshot => snapshot.State.ToArray()).ToArray())));

    public Task RemoveAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement(Rebuildable),
        Statement("delete from snapshots s using unnest($1, $2) as gone (shard, job_id) where s.shard = gone.shard and s.job_id = gone.job_id", [.. Keys(jobs)]));

    public async Task<IReadOnlyList<JobSnapshot>> FindAsync(IReadOnlyCollection<JobId> jobs, int schema, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            Map,
            cancellationToken,
            Statement(
                $"select {Columns} from snapshots s join unnest($1, $2) as wanted (shard, job_id) on s.shard = wanted.shard and s.job_id = wanted.job_id where s.schema = $3",
                [.. Keys([.. jobs.Distinct()]), Value(schema)]));

    public async Task<IReadOnlyList<JobSnapshot>> FindActiveAsync(IReadOnlyCollection<int> shards, int schema, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            Map,
            cancellationToken,
            Statement(
                $"select {Columns} from snapshots s join active_jobs a on a.shard = s.shard and a.job_id = s.job_id where s.shard = any ($1) and s.schema = $2",
                Value(shards.ToArray()),
                Value(schema)));

    private static NpgsqlParameter[] Keys(IReadOnlyCollection<JobId> jobs) =>
        [Value(jobs.Select(job => job.Shard).ToArray()), Value(jobs.Select(job => job.Value).ToArray())];

    private static JobSnapshot Map(NpgsqlDataReader row) =>
        new(JobId.Parse(row.GetString(0)), row.GetInt32(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3));
}
