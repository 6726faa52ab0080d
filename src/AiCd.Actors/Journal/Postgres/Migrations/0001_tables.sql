-- Names, ids and keys compare by their bytes, whatever the locale of the database: ids sort by age, and fast.

create table meta (
    key   text primary key,
    value text not null
);

create table nodes (
    incarnation text collate "C" primary key,
    name        text not null,
    takes_shards boolean not null,
    started_at  timestamptz not null,
    expires_at  timestamptz not null
) with (fillfactor = 50);

-- Every append rewrites the rows of its shards. A page that is nearly empty takes the new versions beside the old ones, so
-- that no index changes and the old ones are cleared away in passing.
create table shards (
    shard int primary key,
    owner text collate "C",
    epoch bigint not null default 0,
    head  bigint not null default 0
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table journal (
    shard       int not null,
    shard_seq   bigint not null,
    job_id      text collate "C" not null,
    seq_nr      int not null,
    tenant      text collate "C" not null,
    event       text collate "C" not null,
    payload     bytea not null,
    recorded_at timestamptz not null,
    primary key (shard, shard_seq),
    unique (job_id, seq_nr)
);

create table active_jobs (
    shard  int not null,
    job_id text collate "C" not null,
    primary key (shard, job_id)
);

create table claims (
    tenant    text collate "C" not null,
    kind      text collate "C" not null,
    key       text collate "C" not null,
    job_id    text collate "C" not null,
    permanent boolean not null,
    primary key (tenant, kind, key)
);

create index claims_to_release on claims (job_id) where not permanent;

-- Commands that wait for the owner of their shard; number is the order of arrival.
create table commands (
    number     bigint generated always as identity primary key,
    id         uuid not null unique,
    shard      int not null,
    job_id     text collate "C" not null,
    tenant     text collate "C" not null,
    body       bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    handled_at timestamptz,
    outcome    bytea
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create index commands_pending on commands (shard, number) where handled_at is null;

-- What operators changed of the pools; a pool without a row is as configured.
create table pool_settings (
    stage             text collate "C" primary key,
    concurrency       int not null,
    starts_per_second double precision not null,
    paused            boolean not null
);

-- put_at moves when content is put again: collection counts its grace from there.
create table artifacts (
    tenant  text collate "C" not null,
    sha256  text collate "C" not null,
    put_at  timestamptz not null,
    content bytea not null,
    primary key (tenant, sha256)
) with (fillfactor = 90);

create table projection_cursors (
    shard    int primary key,
    position bigint not null default 0
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table jobs (
    tenant              text collate "C" not null,
    id                  text collate "C" not null,
    state               text collate "C" not null,
    seq                 int not null,
    title               text not null,
    repository          text not null,
    base_branch         text not null,
    branch              text not null,
    agent               text not null,
    priority            int not null,
    attempt             int not null,
    round               int not null,
    pull_request_number int,
    pull_request_url    text,
    failure_code        text,
    failure_message     text,
    submitted_at        timestamptz not null,
    updated_at          timestamptz not null,
    primary key (tenant, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create index jobs_by_state on jobs (tenant, state, id);
