-- Searches by words. The owner passes over row-level security on their table by a policy without a condition: one with a condition, even
-- one that always holds, keeps an operator that makes no promises about what it lets slip from its index.
do $$
begin
    execute format('create policy owner on job_search to %I using (true)', current_user);
end
$$;

-- How many words begin alike, and how often words come together, nobody knows beforehand. So a search first walks a stretch of the list in
-- its own order, which suffices for what is frequent; what is rare is then found by the index of words, and put in order afterwards.
create or replace function aicd_find_jobs(
    p_query tsquery, p_states text[], p_repository text, p_hold text, p_from text, p_to text, p_after text, p_ascending boolean, p_limit int
) returns setof text language plpgsql stable security definer as $$
declare
    v_joins   boolean := p_states is not null or p_hold is not null;
    v_join    text := case when v_joins then ' join jobs j on j.tenant = s.tenant and j.id = s.id' else '' end;
    v_range   text := 's.tenant = current_setting(''aicd.tenant'', true) and s.id >= $5 and s.id < $6 and '
        || case when p_ascending then 's.id > $7' else 's.id < $7' end;
    v_matches text := 's.words @@ $1'
        || case when p_states is null then '' else ' and j.state = any ($2)' end
        || case when p_repository is null then '' else ' and s.repository = $3' end
        || case when p_hold is null then '' else ' and j.hold = $4' end;
    v_order   text := case when p_ascending then ' order by s.id' else ' order by s.id desc' end;
    v_stretch int := case when v_joins then 2000 else 10000 end;
    v_found   text[];
begin
    if p_limit <= v_stretch / 10 then
        execute format(
            'select array_agg(id) from (select s.id from (select * from job_search s where %s %s limit %s) s %s where %s %s limit $8) found',
            v_range, v_order, v_stretch, v_join, v_matches, v_order)
        into v_found
        using p_query, p_states, p_repository, p_hold, p_from, p_to, p_after, p_limit;
        if cardinality(v_found) = p_limit then
            return query select unnest(v_found);
            return;
        end if;
    end if;

    return query execute format('select s.id from job_search s %s where %s and %s %s limit $8', v_join, v_range, v_matches, v_order)
    using p_query, p_states, p_repository, p_hold, p_from, p_to, p_after, p_limit;
end
$$;

-- The same of jobs that have ended, the last one first.
create function aicd_find_ended_jobs(
    p_query tsquery, p_states text[], p_repository text, p_hold text, p_from text, p_to text, p_after_end timestamptz, p_after text, p_limit int
) returns setof text language plpgsql stable security definer as $$
declare
    v_range   text := 'j.tenant = current_setting(''aicd.tenant'', true) and j.ended_at is not null and j.id >= $5 and j.id < $6'
        || case when p_after_end is null then '' else ' and (j.ended_at, j.id) < ($7, $8)' end;
    v_matches text := 's.words @@ $1'
        || case when p_states is null then '' else ' and j.state = any ($2)' end
        || case when p_repository is null then '' else ' and s.repository = $3' end
        || case when p_hold is null then '' else ' and j.hold = $4' end;
    v_order   text := ' order by j.ended_at desc, j.id desc';
    v_found   text[];
begin
    execute format(
        'select array_agg(id) from (select j.id from (select * from jobs j where %s %s limit 4000) j '
        'join job_search s on s.tenant = j.tenant and s.id = j.id where %s %s limit $9) found',
        v_range, v_order, v_matches, v_order)
    into v_found
    using p_query, p_states, p_repository, p_hold, p_from, p_to, p_after_end, p_after, p_limit;
    if cardinality(v_found) = p_limit then
        return query select unnest(v_found);
        return;
    end if;

    return query execute format(
        'with s as materialized (select * from job_search s where s.tenant = current_setting(''aicd.tenant'', true) and s.words @@ $1) '
        'select j.id from s join jobs j on j.tenant = s.tenant and j.id = s.id where %s and %s %s limit $9',
        v_range, v_matches, v_order)
    using p_query, p_states, p_repository, p_hold, p_from, p_to, p_after_end, p_after, p_limit;
end
$$;

revoke all on function aicd_find_ended_jobs from public;
do $$
begin
    execute format('alter function aicd_find_jobs set search_path = %I, pg_temp', current_schema());
    execute format('alter function aicd_find_ended_jobs set search_path = %I, pg_temp', current_schema());
end
$$;
