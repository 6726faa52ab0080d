-- Row-level security beneath the isolation of tenants in the program. Whoever reads for people does so under the role aicd_web, to which
-- only the rows of the tenant are there that its transaction has set; where none is set, none are. Every other role is an engine's.
alter table jobs enable row level security;
alter table jobs force row level security;
create policy engine on jobs using (current_user <> 'aicd_web') with check (current_user <> 'aicd_web');
create policy tenant on jobs using (tenant = current_setting('aicd.tenant', true));

alter table job_search enable row level security;
alter table job_search force row level security;
create policy engine on job_search using (current_user <> 'aicd_web') with check (current_user <> 'aicd_web');
create policy tenant on job_search using (tenant = current_setting('aicd.tenant', true));

alter table journal enable row level security;
alter table journal force row level security;
create policy engine on journal using (current_user <> 'aicd_web') with check (current_user <> 'aicd_web');
create policy tenant on journal using (tenant = current_setting('aicd.tenant', true));

alter table artifacts enable row level security;
alter table artifacts force row level security;
create policy engine on artifacts using (current_user <> 'aicd_web') with check (current_user <> 'aicd_web');
create policy tenant on artifacts using (tenant = current_setting('aicd.tenant', true));

-- A search cannot use its index beneath row-level security, because the operator makes no promise about what it lets slip. It runs
-- with the rights of the tables' owner, and asks for the tenant itself.
create function aicd_find_jobs(
    p_query tsquery, p_states text[], p_repository text, p_hold text, p_from text, p_to text, p_after text, p_ascending boolean, p_limit int
) returns setof text language plpgsql stable security definer as $$
begin
    return query execute
        'select s.id from job_search s'
        || case when p_states is null and p_hold is null then '' else ' join jobs j on j.tenant = s.tenant and j.id = s.id' end
        || ' where s.tenant = current_setting(''aicd.tenant'', true) and s.words @@ $1'
        || case when p_states is null then '' else ' and j.state = any ($2)' end
        || case when p_repository is null then '' else ' and s.repository = $3' end
        || case when p_hold is null then '' else ' and j.hold = $4' end
        || ' and s.id >= $5 and s.id < $6'
        || case when p_ascending then ' and s.id > $7 order by s.id' else ' and s.id < $7 order by s.id desc' end
        || ' limit $8'
    using p_query, p_states, p_repository, p_hold, p_from, p_to, p_after, p_limit;
end
$$;

revoke all on function aicd_find_jobs from public;
do $$
begin
    execute format('alter function aicd_find_jobs set search_path = %I, pg_temp', current_schema());
end
$$;
