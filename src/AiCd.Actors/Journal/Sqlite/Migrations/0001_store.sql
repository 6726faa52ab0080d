create table meta (
    key   text not null primary key,
    value text not null
) strict, without rowid;

-- Leases are judged by the process that holds the folder; expires_at is there for readers alone.
create table nodes (
    incarnation text    not null primary key,
    name        text    not null,
    started_at  integer not null,
    expires_at  integer not null
) strict, without rowid;

create table shards (
    shard integer not null primary key,
    owner text,
    epoch integer not null default 0,
    head  integer not null default 0
) strict;

-- Times are milliseconds since 1970, payloads UTF-8 JSON.
create table journal (
    shard       integer not null,
    shard_seq   integer not null,
    job_id      text    not null,
    seq_nr      integer not null,
    tenant      text    not null,
    event       text    not null,
    payload     blob    not null,
    recorded_at integer not null,
    primary key (shard, shard_seq),
    unique (job_id, seq_nr)
) strict;

create table active_jobs (
    shard  integer not null,
    job_id text    not null,
    primary key (shard, job_id)
) strict, without rowid;

create table claims (
    tenant    text    not null,
    kind      text    not null,
    key       text    not null,
    job_id    text    not null,
    permanent integer not null,
    primary key (tenant, kind, key)
) strict, without rowid;

create index claims_to_release on claims (job_id) where permanent = 0;

-- Commands that wait for the owner of their shard; number is the order of arrival.
create table commands (
    number     integer not null primary key autoincrement,
    id         text    not null unique,
    shard      integer not null,
    job_id     text    not null,
    tenant     text    not null,
    body       blob    not null,
    created_at integer not null,
    handled_at integer,
    outcome    blob
) strict;

create index commands_pending on commands (number) where handled_at is null;

-- What operators changed of the pools; a pool without a row is as configured.
create table pool_settings (
    stage             text    not null primary key,
    concurrency       integer not null,
    starts_per_second text    not null,
    paused            integer not null
) strict, without rowid;

-- put_at moves when content is put again: collection counts its grace from there.
create table artifacts (
    tenant  text    not null,
    sha256  text    not null,
    content blob    not null,
    put_at  integer not null,
    primary key (tenant, sha256)
) strict;

create table projection_cursors (
    shard    integer not null primary key,
    position integer not null default 0
) strict;

create table jobs (
    tenant              text    not null,
    id                  text    not null,
    state               text    not null,
    seq                 integer not null,
    title               text    not null,
    repository          text    not null,
    base_branch         text    not null,
    branch              text    not null,
    agent               text    not null,
    priority            integer not null,
    attempt             integer not null,
    round               integer not null,
    pull_request_number integer,
    pull_request_url    text,
    failure_code        text,
    failure_message     text,
    submitted_at        integer not null,
    updated_at          integer not null,
    primary key (tenant, id)
) strict;

create index jobs_by_state on jobs (tenant, state, id);
