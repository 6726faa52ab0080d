-- Turns at something outside that bears only so many requests; times are milliseconds since 1970.
create table pacing (
    key        text    not null primary key,
    spaced_at  integer not null,
    budget_at  integer not null,
    held_until integer not null
) strict, without rowid;
