-- States of unfinished jobs with long histories; the journal alone is the truth.
create table snapshots (
    shard  integer not null,
    job_id text    not null,
    seq_nr integer not null,
    schema integer not null,
    state  blob    not null,
    primary key (shard, job_id)
) strict;
