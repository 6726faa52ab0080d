-- Amounts are millionths of a US dollar. A row is a call to a model: open until it is settled, kept for good.
create table ledger_calls (
    call_id          text primary key,
    job_id           text not null,
    tenant           text not null,
    repository       text not null,
    month            text not null,
    stage            text not null,
    model            text not null,
    reserved         integer not null check (reserved >= 0),
    reserved_at      integer not null,
    settled_at       integer,
    cost             integer,
    input_tokens     integer,
    output_tokens    integer,
    cached_tokens    integer,
    reasoning_tokens integer,
    journaled        integer not null default 0
) strict;

create index ledger_calls_to_journal on ledger_calls (job_id) where journaled = 0;

-- One row for each budget: settled and open are sums over its calls; spending_limit is null where the configured one counts.
create table ledger_accounts (
    tenant         text not null,
    scope          text not null,
    key            text not null,
    settled        integer not null default 0,
    open           integer not null default 0,
    spending_limit integer,
    primary key (tenant, scope, key)
) strict, without rowid;

create table ledger_holds (
    job_id     text primary key,
    tenant     text not null,
    repository text not null,
    amount     integer not null
) strict;
