using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>Deletes in transactions of their own. None waits for the disk: what a crash brings back is found again.</summary>
internal sealed class SqliteRetention(SqliteDatabase database, TimeProvider time) : IRetention
{
    public Task<IReadOnlyList<JobId>> FindExpiredAsync(
        IReadOnlyCollection<int> shards, RetentionLimits limits, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobId>>(
            session =>
            {
                var expired = new List<JobId>();
                var statement = session.Prepare(
                        "with held as (select distinct job_id, tenant, shard from artifact_refs), "
                        + "ended as (select held.job_id, held.shard, jobs.state, jobs.updated_at, "
                        + "row_number() over (partition by jobs.state order by jobs.updated_at desc, jobs.id desc) as rank "
                        + "from held join jobs on jobs.tenant = held.tenant and jobs.id = held.job_id "
                        + "where jobs.state in ('COMPLETED', 'FAILED', 'CANCELLED')) "
                        + "select job_id, shard from ended "
                        + "where case state when 'COMPLETED' then updated_at < ?1 or rank > ?2 else updated_at < ?3 end order by updated_at, job_id")
                    .Bind(1, limits.CompletedBefore.ToUnixTimeMilliseconds())
                    .Bind(2, limits.MaxCompleted)
                    .Bind(3, limits.FailedBefore.ToUnixTimeMilliseconds());
                while (expired.Count < limit && statement.Step())
                {
                    if (shards.Contains(statement.Int32(1)))
                    {
                        expired.Add(JobId.Parse(statement.Text(0)));
                    }
                }

                statement.Reset();
                return expired;
            },
            cancellationToken);

    public Task ReleaseAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            foreach (var job in jobs)
            {
                session.Prepare("delete from artifact_refs where job_id = ?").Bind(1, job.Value).Run();
            }

            return jobs.Count;
        },
        cancellationToken);

    public Task<int> CollectAsync(TimeSpan grace, int limit, CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - grace).ToUnixTimeMilliseconds();
        return WriteAsync(
            session => session.Prepare(
                    "delete from artifacts where rowid in (select artifacts.rowid from artifacts where put_at < ?1 and not exists "
                    + "(select 1 from artifact_refs where artifact_refs.tenant = artifacts.tenant and artifact_refs.sha256 = artifacts.sha256) limit ?2)")
                .Bind(1, before)
                .Bind(2, limit)
                .Run(),
            cancellationToken);
    }

    public Task<int> PruneAsync(IReadOnlyCollection<EndedJob> jobs, CancellationToken cancellationToken) => WriteAsync(
        session => jobs.Count(ended => TryPrune(session, ended)),
        cancellationToken);

    public Task<int> ForgetCommandsAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        return WriteAsync(
            session => session.Prepare("delete from commands where number in (select number from commands where handled_at < ?1 order by number limit ?2)")
                .Bind(1, before)
                .Bind(2, limit)
                .Run(),
            cancellationToken);
    }

    private static bool TryPrune(SqliteSession session, EndedJob ended)
    {
        var (job, tenant, seq) = ended;
        var removed = session.Prepare(
                "delete from journal where job_id = ?1 and (select max(seq_nr) from journal where job_id = ?1) = ?2 "
                + "and not exists (select 1 from active_jobs where shard = ?3 and job_id = ?1)")
            .Bind(1, job.Value)
            .Bind(2, seq)
            .Bind(3, job.Shard)
            .Run();
        if (removed == 0)
        {
            return false;
        }

        session.Prepare("delete from jobs where tenant = ? and id = ?").Bind(1, tenant).Bind(2, job.Value).Run();
        session.Prepare("delete from artifact_refs where job_id = ?").Bind(1, job.Value).Run();
        session.Prepare("delete from snapshots where shard = ? and job_id = ?").Bind(1, job.Shard).Bind(2, job.Value).Run();
        return true;
    }

    private Task<int> WriteAsync(Func<SqliteSession, int> work, CancellationToken cancellationToken) => database.WriteAsync(
        Durability.Rebuildable,
        session =>
        {
            var changed = work(session);
            session.Commit();
            return changed;
        },
        cancellationToken);
}
