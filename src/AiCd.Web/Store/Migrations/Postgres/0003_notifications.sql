-- Notifications: how far the journal was read for each hook, and what the hook is still to hear. Times are milliseconds since 1970.

create table web_notification_cursors (
    hook     text not null,
    shard    int not null,
    position bigint not null,
    primary key (hook, shard)
);

create table web_notifications (
    id         text primary key,
    hook       text not null,
    tenant     text not null,
    job_id     text not null,
    event      text not null,
    body       bytea not null,
    created_at bigint not null,
    attempts   int not null default 0,
    next_at    bigint not null,
    done_at    bigint,
    failed_at  bigint,
    outcome    text
);

create index web_notifications_due on web_notifications (hook, next_at) where done_at is null and failed_at is null;
create index web_notifications_failed on web_notifications (failed_at) where failed_at is not null;
create index web_notifications_done on web_notifications (done_at) where done_at is not null;

-- A copy of the database fills its tables in any order, and is whole at its end.
alter table web_keys alter constraint web_keys_tenant_fkey deferrable initially deferred;
