-- Which job names which content: written with the events that name it, gone when the job's retention is over.
create table artifact_refs (
    job_id text collate "C" not null,
    sha256 text collate "C" not null,
    tenant text collate "C" not null,
    shard  int not null,
    primary key (job_id, sha256)
) with (autovacuum_vacuum_scale_factor = 0.05);

create index artifact_refs_by_content on artifact_refs (tenant, sha256);

-- Content and its rows come and go; what they leave is cleared away long before it is a fifth of the table.
alter table artifacts set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);
alter table active_jobs set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The journal is only ever added to, which the visibility map and freezing must keep up with; pruning leaves few holes at a time.
alter table journal set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.02);

-- Runs beside aicd_append, in the same statement and so in the same transaction.
create function aicd_refer(r_job text[], r_sha256 text[], r_tenant text[], r_shard int[]) returns void language plpgsql as $$
begin
    if cardinality(r_job) > 0 then
        insert into artifact_refs (job_id, sha256, tenant, shard)
        select * from unnest(r_job, r_sha256, r_tenant, r_shard) on conflict do nothing;
    end if;
end
$$;
