-- States of unfinished jobs with long histories; the journal alone is the truth.
create table snapshots (
    shard  int not null,
    job_id text collate "C" not null,
    seq_nr int not null,
    schema int not null,
    state  bytea not null,
    primary key (shard, job_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
