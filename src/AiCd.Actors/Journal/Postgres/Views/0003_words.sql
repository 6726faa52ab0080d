-- Words are given only where they are new: what a job is searched by seldom changes after its submission.
drop function aicd_project_views;
alter table jobs drop column issue_edited;

create function aicd_project_views(
    p_shard int[], p_from bigint[], p_to bigint[],
    j_shard int[], j_tenant text[], j_id text[], j_state text[], j_seq int[], j_title text[], j_repository text[], j_base_branch text[],
    j_branch text[], j_agent text[], j_priority int[], j_attempt int[], j_round int[], j_pull_request_number int[], j_pull_request_url text[],
    j_failure_code text[], j_failure_message text[], j_submitted_at timestamptz[], j_updated_at timestamptz[],
    j_url text[], j_submitted_by text[], j_parent text[], j_parent_kind text[], j_label_lines text[], j_hold text[],
    j_budget_micros bigint[], j_cost_micros bigint[], j_ended_at timestamptz[],
    j_planning_ms bigint[], j_coding_ms bigint[], j_reviewing_ms bigint[], j_pr_open_ms bigint[], j_words text[]
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

    with given as (
        select * from unnest(
            j_shard, j_tenant, j_id, j_state, j_seq, j_title, j_repository, j_base_branch, j_branch, j_agent, j_priority, j_attempt, j_round,
            j_pull_request_number, j_pull_request_url, j_failure_code, j_failure_message, j_submitted_at, j_updated_at,
            j_url, j_submitted_by, j_parent, j_parent_kind, j_label_lines, j_hold, j_budget_micros, j_cost_micros, j_ended_at,
            j_planning_ms, j_coding_ms, j_reviewing_ms, j_pr_open_ms, j_words
        ) as j (
            shard, tenant, id, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round,
            pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at,
            url, submitted_by, parent, parent_kind, label_lines, hold, budget_micros, cost_micros, ended_at,
            planning_ms, coding_ms, reviewing_ms, pr_open_ms, words)
        where shard = any (v_moved)
    ), written as (
        insert into jobs (
            tenant, id, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round,
            pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at,
            url, submitted_by, parent, parent_kind, label_lines, hold, budget_micros, cost_micros, ended_at,
            planning_ms, coding_ms, reviewing_ms, pr_open_ms)
        select
            tenant, id, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round,
            pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at,
            url, submitted_by, parent, parent_kind, label_lines, hold, budget_micros, cost_micros, ended_at,
            planning_ms, coding_ms, reviewing_ms, pr_open_ms
        from given
        on conflict (tenant, id) do update set
            state = excluded.state, seq = excluded.seq, title = excluded.title, repository = excluded.repository, base_branch = excluded.base_branch,
            branch = excluded.branch, agent = excluded.agent, priority = excluded.priority, attempt = excluded.attempt, round = excluded.round,
            pull_request_number = excluded.pull_request_number, pull_request_url = excluded.pull_request_url,
            failure_code = excluded.failure_code, failure_message = excluded.failure_message,
            submitted_at = excluded.submitted_at, updated_at = excluded.updated_at,
            url = excluded.url, submitted_by = excluded.submitted_by, parent = excluded.parent, parent_kind = excluded.parent_kind,
            label_lines = excluded.label_lines, hold = excluded.hold, budget_micros = excluded.budget_micros, cost_micros = excluded.cost_micros,
            ended_at = excluded.ended_at, planning_ms = excluded.planning_ms, coding_ms = excluded.coding_ms, reviewing_ms = excluded.reviewing_ms,
            pr_open_ms = excluded.pr_open_ms
    )
    insert into job_search (tenant, id, repository, words)
    select g.tenant, g.id, g.repository, array_to_tsvector(string_to_array(g.words, E'\n'))
    from given g
    where g.words is not null
    on conflict (tenant, id) do update set repository = excluded.repository, words = excluded.words;

    return array(select shard from unnest(p_shard) as p (shard) where shard <> all (v_moved) order by shard);
end
$$;
