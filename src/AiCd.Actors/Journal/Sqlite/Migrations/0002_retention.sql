-- Which job names which content: written with the events that name it, gone when the job's retention is over.
create table artifact_refs (
    job_id text    not null,
    sha256 text    not null,
    tenant text    not null,
    shard  integer not null,
    primary key (job_id, sha256)
) strict, without rowid;

create index artifact_refs_by_content on artifact_refs (tenant, sha256);
