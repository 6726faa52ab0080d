-- Amounts are millionths of a US dollar. A row is a call to a model: open until it is settled, kept for good.
create table ledger_calls (
    call_id          text collate "C" primary key,
    job_id           text collate "C" not null,
    tenant           text collate "C" not null,
    repository       text not null,
    month            text collate "C" not null,
    stage            text collate "C" not null,
    model            text not null,
    reserved         bigint not null check (reserved >= 0),
    reserved_at      timestamptz not null default clock_timestamp(),
    settled_at       timestamptz,
    cost             bigint,
    input_tokens     bigint,
    output_tokens    bigint,
    cached_tokens    bigint,
    reasoning_tokens bigint,
    journaled        boolean not null default false
) with (fillfactor = 80);

create index ledger_calls_to_journal on ledger_calls (job_id) where not journaled;

-- One row for each budget: settled and open are sums over its calls; spending_limit is null where the configured one counts.
create table ledger_accounts (
    tenant         text collate "C" not null,
    scope          text collate "C" not null,
    key            text collate "C" not null,
    settled        bigint not null default 0,
    open           bigint not null default 0,
    spending_limit bigint,
    primary key (tenant, scope, key)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table ledger_holds (
    job_id     text collate "C" primary key,
    tenant     text collate "C" not null,
    repository text not null,
    amount     bigint not null
);

-- Sets an amount aside in all accounts of a call, or in none. Accounts are locked in the order of the arrays, which is the same for
-- every caller. Returns no row where it was done, and else the first account that does not cover the amount.
create function aicd_ledger_reserve(
    p_call text, p_job text, p_tenant text, p_repository text, p_month text, p_stage text, p_model text, p_amount bigint,
    p_scopes text[], p_keys text[], p_limits bigint[]
) returns table (r_scope text, r_limit bigint, r_settled bigint, r_open bigint) language plpgsql as $$
declare
    v_account ledger_accounts;
    v_limit bigint;
begin
    if exists (select from ledger_calls where call_id = p_call) then
        return;
    end if;

    for i in 1 .. cardinality(p_scopes) loop
        insert into ledger_accounts (tenant, scope, key) values (p_tenant, p_scopes[i], p_keys[i]) on conflict do nothing;
        select * into strict v_account from ledger_accounts where tenant = p_tenant and scope = p_scopes[i] and key = p_keys[i] for update;
        v_limit := coalesce(v_account.spending_limit, p_limits[i]);
        if v_account.settled + v_account.open + p_amount > v_limit then
            return query values (p_scopes[i], v_limit, v_account.settled, v_account.open);
            return;
        end if;
    end loop;

    for i in 1 .. cardinality(p_scopes) loop
        update ledger_accounts set open = open + p_amount where tenant = p_tenant and scope = p_scopes[i] and key = p_keys[i];
    end loop;

    insert into ledger_calls (call_id, job_id, tenant, repository, month, stage, model, reserved)
    values (p_call, p_job, p_tenant, p_repository, p_month, p_stage, p_model, p_amount);
    delete from ledger_holds where job_id = p_job;
end
$$;

-- Replaces a reservation by what the call cost. Returns false where the call is not open.
create function aicd_ledger_settle(
    p_call text, p_cost bigint, p_input bigint, p_output bigint, p_cached bigint, p_reasoning bigint, p_scopes text[]
) returns boolean language plpgsql as $$
declare
    v_call ledger_calls;
begin
    update ledger_calls
    set settled_at = clock_timestamp(), cost = p_cost, input_tokens = p_input, output_tokens = p_output, cached_tokens = p_cached,
        reasoning_tokens = p_reasoning
    where call_id = p_call and settled_at is null
    returning * into v_call;
    if not found then
        return false;
    end if;

    for i in 1 .. cardinality(p_scopes) loop
        update ledger_accounts set settled = settled + p_cost, open = open - v_call.reserved
        where tenant = v_call.tenant and scope = p_scopes[i]
            and key = case p_scopes[i] when 'JOB' then v_call.job_id when 'REPOSITORY' then v_call.repository else v_call.month end;
    end loop;

    return true;
end
$$;
