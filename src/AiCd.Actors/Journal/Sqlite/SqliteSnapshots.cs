using System.Text.Json;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteSnapshots(SqliteDatabase database) : ISnapshots
{
    public Task WriteAsync(IReadOnlyCollection<JobSnapshot> snapshots, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Rebuildable,
            session =>
            {
                foreach (var snapshot in snapshots)
                {
                    session.Prepare(
                            "insert into snapshots (shard, job_id, seq_nr, schema, state) values (?, ?, ?, ?, ?) "
                            + "on conflict do update set seq_nr = excluded.seq_nr, schema = excluded.schema, state = excluded.state "
                            + "where schema <> excluded.schema or seq_nr < excluded.seq_nr")
                        .Bind(1, snapshot.Job.Shard)
                        .Bind(2, snapshot.Job.Value)
                        .Bind(3, snapshot.Seq)
                        .Bind(4, snapshot.Schema)
                        .Bind(5, snapshot.State.Span)
                        .Run();
                }

                session.Commit();
                return true;
            },
            cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Rebuildable,
            session =>
            {
                foreach (var job in jobs)
                {
                    session.Prepare("delete from snapshots where shard = ? and job_id = ?").Bind(1, job.Shard).Bind(2, job.Value).Run();
                }

                session.Commit();
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<JobSnapshot>> FindAsync(IReadOnlyCollection<JobId> jobs, int schema, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobSnapshot>>(
            session =>
            {
                var found = new List<JobSnapshot>();
                foreach (var job in jobs.Distinct())
                {
                    found.AddRange(Read(session
                        .Prepare("select job_id, seq_nr, schema, state from snapshots where shard = ? and job_id = ? and schema = ?")
                        .Bind(1, job.Shard)
                        .Bind(2, job.Value)
                        .Bind(3, schema)));
                }

                return found;
            },
            cancellationToken);

    public Task<IReadOnlyList<JobSnapshot>> FindActiveAsync(IReadOnlyCollection<int> shards, int schema, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobSnapshot>>(
            session => Read(session
                .Prepare("select s.job_id, s.seq_nr, s.schema, s.state from snapshots s join active_jobs a on a.shard = s.shard and a.job_id = s.job_id "
                    + "where s.shard in (select value from json_each(?)) and s.schema = ?")
                .Bind(1, JsonSerializer.Serialize(shards))
                .Bind(2, schema)),
            cancellationToken);

    private static List<JobSnapshot> Read(SqliteStatement rows)
    {
        var found = new List<JobSnapshot>();
        while (rows.Step())
        {
            found.Add(new JobSnapshot(JobId.Parse(rows.Text(0)), rows.Int32(1), rows.Int32(2), rows.Utf8(3).ToArray()));
        }

        return found;
    }
}
