-- What the web keeps of its own. Times are milliseconds since 1970.

create table web_tenants (
    tenant                text primary key,
    name                  text not null,
    repositories          text not null,
    installations         text not null,
    max_concurrent_jobs   integer,
    max_jobs_per_day      integer,
    monthly_budget_micros integer,
    created_at            integer not null,
    suspended             integer not null
) strict;

create table web_keys (
    id           text primary key,
    tenant       text not null references web_tenants (tenant),
    name         text not null,
    hash         text not null,
    scopes       text not null,
    created_by   text not null,
    created_at   integer not null,
    expires_at   integer,
    revoked_at   integer,
    last_used_at integer
) strict;

create index web_keys_by_tenant on web_keys (tenant, created_at);

create table web_audit (
    number  integer primary key autoincrement,
    at      integer not null,
    tenant  text not null,
    who     text not null,
    what    text not null,
    target  text not null,
    origin  text not null,
    outcome text not null
) strict;

create index web_audit_by_tenant on web_audit (tenant, number);

-- Received and applied apart: what was received and not applied is taken up again, what was applied is not applied a second time.
create table web_deliveries (
    id          text primary key,
    event       text not null,
    body        blob not null,
    received_at integer not null,
    applied_at  integer,
    outcome     text,
    attempts    integer not null default 0,
    next_at     integer not null
) strict;

create index web_deliveries_pending on web_deliveries (next_at) where applied_at is null;

create table web_protection_keys (
    name text primary key,
    xml  text not null
) strict;
