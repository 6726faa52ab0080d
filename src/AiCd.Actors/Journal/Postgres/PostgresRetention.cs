using AiCd.Actors.Jobs;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Each call is one short transaction that takes row locks on nothing but what it removes. None waits for the disk: what a crash brings back is found again.</summary>
internal sealed class PostgresRetention(PostgresDatabase database) : IRetention
{
    public async Task<IReadOnlyList<JobId>> FindExpiredAsync(
        IReadOnlyCollection<int> shards, RetentionLimits limits, int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        static reader => JobId.Parse(reader.GetString(0)),
        cancellationToken,
        Statement(
            """
            with held as (select distinct job_id, tenant, shard from artifact_refs),
            ended as (
                select held.job_id, held.shard, jobs.state, jobs.updated_at,
                    row_number() over (partition by jobs.state order by jobs.updated_at desc, jobs.id desc) as rank
                from held join jobs on jobs.tenant = held.tenant and jobs.id = held.job_id
                where jobs.state in ('COMPLETED', 'FAILED', 'CANCELLED')
            )
            select job_id from ended
            where shard = any ($1) and case state when 'COMPLETED' then updated_at < $2 or rank > $3 else updated_at < $4 end
            order by updated_at, job_id limit $5
            """,
            Value(shards.ToArray()),
            Value(limits.CompletedBefore.UtcDateTime),
            Value((long)limits.MaxCompleted),
            Value(limits.FailedBefore.UtcDateTime),
            Value(limit)));

    public Task ReleaseAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) => RemoveAsync(
        "with gone as (delete from artifact_refs where job_id = any ($1) returning 1) select count(*)::int from gone",
        cancellationToken,
        Value(jobs.Select(job => job.Value).ToArray()));

    // A row that is put again this moment is locked and skipped; one that was put again since the snapshot fails the condition anew.
    public Task<int> CollectAsync(TimeSpan grace, int limit, CancellationToken cancellationToken) => RemoveAsync(
        """
        with unnamed as (
            select tenant, sha256 from artifacts
            where put_at < clock_timestamp() - $1
                and not exists (select from artifact_refs named where named.tenant = artifacts.tenant and named.sha256 = artifacts.sha256)
            limit $2 for update skip locked
        ),
        gone as (delete from artifacts using unnamed where artifacts.tenant = unnamed.tenant and artifacts.sha256 = unnamed.sha256 returning 1)
        select count(*)::int from gone
        """,
        cancellationToken,
        Value(grace),
        Value(limit));

    public Task<int> PruneAsync(IReadOnlyCollection<EndedJob> jobs, CancellationToken cancellationToken) => RemoveAsync(
        """
        with sound as (
            select ended.id, ended.tenant, ended.shard from unnest($1, $2, $3, $4) as ended (id, tenant, shard, seq)
            where ended.seq = (select max(seq_nr) from journal where job_id = ended.id)
                and not exists (select from active_jobs where active_jobs.shard = ended.shard and active_jobs.job_id = ended.id)
        ),
        events as (delete from journal using sound where journal.job_id = sound.id),
        refs as (delete from artifact_refs using sound where artifact_refs.job_id = sound.id),
        views as (delete from jobs using sound where jobs.tenant = sound.tenant and jobs.id = sound.id),
        snaps as (delete from snapshots using sound where snapshots.shard = sound.shard and snapshots.job_id = sound.id),
        search as (delete from job_search using sound where job_search.tenant = sound.tenant and job_search.id = sound.id)
        select count(*)::int from sound
        """,
        cancellationToken,
        Value(jobs.Select(ended => ended.Job.Value).ToArray()),
        Value(jobs.Select(ended => ended.Tenant).ToArray()),
        Value(jobs.Select(ended => ended.Job.Shard).ToArray()),
        Value(jobs.Select(ended => ended.Seq).ToArray()));

    public Task<int> ForgetCommandsAsync(TimeSpan age, int limit, CancellationToken cancellationToken) => RemoveAsync(
        """
        with answered as (select number from commands where handled_at < clock_timestamp() - $1 order by number limit $2 for update skip locked),
        gone as (delete from commands using answered where commands.number = answered.number returning 1)
        select count(*)::int from gone
        """,
        cancellationToken,
        Value(age),
        Value(limit));

    private async Task<int> RemoveAsync(string text, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var counts = await database.QueryAsync(
            static reader => reader.GetInt32(0), cancellationToken, Statement("set local synchronous_commit to off"), Statement(text, parameters));
        return counts[0];
    }
}
