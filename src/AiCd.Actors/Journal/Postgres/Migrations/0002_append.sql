-- An append in one round trip. It is one statement and so one transaction; whatever it raises leaves nothing behind.
-- AC001: shards are lost, the hint lists them. AC002: a claim is held by another job, the hint is [kind, key, holder].
-- AC003: a command of the inbox was handled already.
create function aicd_append(
    p_owner text,
    f_shard int[], f_epoch bigint[], f_head bigint[], f_count int[],
    e_shard int[], e_shard_seq bigint[], e_job text[], e_seq int[],
    e_tenant text[], e_event text[], e_payload bytea[], e_recorded_at timestamptz[],
    b_shard int[], b_job text[],
    x_shard int[], x_job text[],
    c_tenant text[], c_kind text[], c_key text[], c_job text[], c_permanent boolean[],
    a_tenant text[], a_sha256 text[], a_content bytea[],
    h_id uuid[], h_outcome bytea[]
) returns void language plpgsql as $$
declare
    v_handled int;
    v_moved int[];
    v_conflict text;
begin
    -- Events are never committed asynchronously, whatever the server, the role or the connection was set to.
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;

    -- In order, so that two who lock the same shards wait for each other and never in a circle.
    perform from shards where shard = any (f_shard) order by shard for update;

    with moved as (
        update shards s set head = f.head + f.count
        from unnest(f_shard, f_epoch, f_head, f_count) as f (shard, epoch, head, count)
        where s.shard = f.shard and s.owner = p_owner and s.epoch = f.epoch and s.head = f.head
        returning s.shard
    )
    select array_agg(shard) into v_moved from moved;

    if cardinality(f_shard) <> coalesce(cardinality(v_moved), 0) then
        raise exception using errcode = 'AC001', message = 'shards are lost', hint =
            (select string_agg(shard::text, ',' order by shard) from unnest(f_shard) as f (shard) where shard <> all (coalesce(v_moved, '{}')));
    end if;

    insert into journal (shard, shard_seq, job_id, seq_nr, tenant, event, payload, recorded_at)
    select * from unnest(e_shard, e_shard_seq, e_job, e_seq, e_tenant, e_event, e_payload, e_recorded_at);

    if cardinality(b_job) > 0 then
        insert into active_jobs (shard, job_id) select * from unnest(b_shard, b_job) on conflict do nothing;
    end if;

    -- Before claims are made, so that a job may take over in the same batch what another one gives up.
    if cardinality(x_job) > 0 then
        delete from active_jobs a using unnest(x_shard, x_job) as x (shard, job_id) where a.shard = x.shard and a.job_id = x.job_id;
        delete from claims where job_id = any (x_job) and not permanent;
    end if;

    if cardinality(c_job) > 0 then
        -- In one order for everybody, as the shards. The update locks a claim that is there already even where it changes nothing:
        -- its holder cannot vanish before it is read.
        insert into claims (tenant, kind, key, job_id, permanent)
        select distinct on (tenant, kind, key) tenant, kind, key, job_id, permanent
        from unnest(c_tenant, c_kind, c_key, c_job, c_permanent) as c (tenant, kind, key, job_id, permanent)
        order by tenant, kind, key, permanent desc
        on conflict (tenant, kind, key) do update set permanent = true
        where claims.job_id = excluded.job_id and excluded.permanent and not claims.permanent;

        select json_build_array(c.kind, c.key, held.job_id)::text into v_conflict
        from unnest(c_tenant, c_kind, c_key, c_job) as c (tenant, kind, key, job_id)
        join claims held on held.tenant = c.tenant and held.kind = c.kind and held.key = c.key
        where held.job_id <> c.job_id
        limit 1;

        if v_conflict is not null then
            raise exception using errcode = 'AC002', message = 'a claim is held by another job', hint = v_conflict;
        end if;

        -- Of jobs that come and go within the batch.
        if x_job && c_job then
            delete from claims where job_id = any (x_job) and not permanent;
        end if;
    end if;

    if cardinality(h_id) > 0 then
        update commands c set handled_at = clock_timestamp(), outcome = h.outcome
        from unnest(h_id, h_outcome) as h (id, outcome)
        where c.id = h.id and c.handled_at is null;
        get diagnostics v_handled = row_count;
        if v_handled <> cardinality(h_id) then
            raise exception using errcode = 'AC003', message = 'a command was handled already';
        end if;
    end if;

    if cardinality(a_sha256) > 0 then
        perform aicd_put_artifacts(a_tenant, a_sha256, a_content);
    end if;
end
$$;

-- Content that is there already stays; that it was put again matters to collection, to the hour.
create function aicd_put_artifacts(p_tenant text[], p_sha256 text[], p_content bytea[]) returns void language plpgsql as $$
begin
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;

    insert into artifacts (tenant, sha256, put_at, content)
    select tenant, sha256, clock_timestamp(), content from unnest(p_tenant, p_sha256, p_content) as a (tenant, sha256, content)
    on conflict (tenant, sha256) do update set put_at = excluded.put_at where artifacts.put_at < excluded.put_at - interval '1 hour';
end
$$;
