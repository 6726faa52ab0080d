-- What running attempts say, on its way to readers at other nodes: for minutes, and not worth a write-ahead log.
create unlogged table live_notes (
    number      bigint generated always as identity primary key,
    incarnation text collate "C" not null,
    job_id      text collate "C" not null,
    stage       text not null,
    attempt_id  text not null,
    role        text,
    text        text not null,
    said_at     timestamptz not null default clock_timestamp()
);
create index live_notes_of_job on live_notes (job_id, number);
