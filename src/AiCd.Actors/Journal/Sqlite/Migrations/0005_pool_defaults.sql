-- What operators did not name stays as the node is configured.
create table pool_settings_new (
    stage             text not null primary key,
    concurrency       integer,
    starts_per_second text,
    paused            integer not null
) strict, without rowid;

insert into pool_settings_new select stage, concurrency, starts_per_second, paused from pool_settings;

drop table pool_settings;

alter table pool_settings_new rename to pool_settings;
