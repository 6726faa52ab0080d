-- Writes rows of the read model and moves the cursors of their shards. Returns the shards whose cursor stood elsewhere.
create function aicd_project(
    p_shard int[], p_from bigint[], p_to bigint[],
    j_shard int[], j_tenant text[], j_id text[], j_state text[], j_seq int[], j_title text[], j_repository text[], j_base_branch text[],
    j_branch text[], j_agent text[], j_priority int[], j_attempt int[], j_round int[], j_pull_request_number int[], j_pull_request_url text[],
    j_failure_code text[], j_failure_message text[], j_submitted_at timestamptz[], j_updated_at timestamptz[]
) returns int[] language plpgsql as $$
declare
    v_moved int[];
begin
    -- A crash may undo this commit: it takes the cursors along with the rows, and both are made again from the journal.
    perform set_config('synchronous_commit', 'off', true);

    perform from projection_cursors where shard = any (p_shard) order by shard for update;

    with moved as (
        update projection_cursors c set position = p.position_to
        from unnest(p_shard, p_from, p_to) as p (shard, position_from, position_to)
        where c.shard = p.shard and c.position = p.position_from
        returning c.shard
    )
    select coalesce(array_agg(shard), '{}') into v_moved from moved;

    insert into jobs (
        tenant, id, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round,
        pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at)
    select
        tenant, id, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round,
        pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at
    from unnest(
        j_shard, j_tenant, j_id, j_state, j_seq, j_title, j_repository, j_base_branch, j_branch, j_agent, j_priority, j_attempt, j_round,
        j_pull_request_number, j_pull_request_url, j_failure_code, j_failure_message, j_submitted_at, j_updated_at
    ) as j (
        shard, tenant, id, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round,
        pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at)
    where shard = any (v_moved)
    on conflict (tenant, id) do update set
        state = excluded.state, seq = excluded.seq, title = excluded.title, repository = excluded.repository, base_branch = excluded.base_branch,
        branch = excluded.branch, agent = excluded.agent, priority = excluded.priority, attempt = excluded.attempt, round = excluded.round,
        pull_request_number = excluded.pull_request_number, pull_request_url = excluded.pull_request_url,
        failure_code = excluded.failure_code, failure_message = excluded.failure_message,
        submitted_at = excluded.submitted_at, updated_at = excluded.updated_at;

    return array(select shard from unnest(p_shard) as p (shard) where shard <> all (v_moved) order by shard);
end
$$;
