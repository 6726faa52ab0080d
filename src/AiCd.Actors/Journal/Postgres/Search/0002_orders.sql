-- A list in the order of priorities. That of jobs that have moved on needs no index of its own: it would be touched by every event of every
-- job, and is made up of the few jobs that have not ended and of those that have, in the order of their ends.
create index jobs_by_priority on jobs (tenant, priority, id);

-- All jobs of the tenant with these words, for orders that no search walks.
create function aicd_match_jobs(p_query tsquery) returns setof text language sql stable security definer as $$
    select id from job_search where tenant = current_setting('aicd.tenant', true) and words @@ p_query
$$;

revoke all on function aicd_match_jobs from public;
do $$
begin
    execute format('alter function aicd_match_jobs set search_path = %I, pg_temp', current_schema());
end
$$;
