-- What the web keeps of its own. Times are milliseconds since 1970. The role under which people's questions are answered has no
-- right to any of these tables.

create table web_tenants (
    tenant                text collate "C" primary key,
    name                  text not null,
    repositories          text not null,
    installations         text not null,
    max_concurrent_jobs   int,
    max_jobs_per_day      int,
    monthly_budget_micros bigint,
    created_at            bigint not null,
    suspended             boolean not null
);

create table web_keys (
    id           text collate "C" primary key,
    tenant       text collate "C" not null references web_tenants (tenant),
    name         text not null,
    hash         text collate "C" not null,
    scopes       text not null,
    created_by   text not null,
    created_at   bigint not null,
    expires_at   bigint,
    revoked_at   bigint,
    last_used_at bigint
);

create index web_keys_by_tenant on web_keys (tenant, created_at);

create table web_audit (
    number  bigint generated always as identity primary key,
    at      bigint not null,
    tenant  text collate "C" not null,
    who     text not null,
    what    text not null,
    target  text not null,
    origin  text not null,
    outcome text not null
);

create index web_audit_by_tenant on web_audit (tenant, number);

-- Received and applied apart: what was received and not applied is taken up again, what was applied is not applied a second time.
create table web_deliveries (
    id          text collate "C" primary key,
    event       text not null,
    body        bytea not null,
    received_at bigint not null,
    applied_at  bigint,
    outcome     text,
    attempts    int not null default 0,
    next_at     bigint not null
);

create index web_deliveries_pending on web_deliveries (next_at) where applied_at is null;

create table web_protection_keys (
    name text primary key,
    xml  text not null
);
