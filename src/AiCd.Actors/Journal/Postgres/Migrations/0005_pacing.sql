-- Turns at something outside that bears only so many requests, one row for each such thing.
create table pacing (
    key        text collate "C" primary key,
    spaced_at  timestamptz not null default '-infinity',
    budget_at  timestamptz not null default '-infinity',
    held_until timestamptz not null default '-infinity'
) with (fillfactor = 10);

-- The next turn, unless it comes later than the patience lasts.
create function aicd_take_turn(p_key text, p_spacing interval, p_cost interval, p_burst interval, p_patience interval)
returns table (taken boolean, wait interval) language plpgsql as $$
declare
    v_row pacing;
    v_now timestamptz;
    v_at timestamptz;
begin
    insert into pacing (key) values (p_key) on conflict do nothing;
    select * into v_row from pacing where key = p_key for update;

    -- After the lock: whoever waited for it reads the time at which he got it.
    v_now := clock_timestamp();
    v_at := greatest(v_now, v_row.spaced_at, v_row.held_until);
    if p_cost > interval '0' then
        v_at := greatest(v_at, v_row.budget_at - p_burst);
    end if;

    if v_at - v_now > p_patience then
        return query select false, v_at - v_now;
        return;
    end if;

    update pacing set
        spaced_at = v_at + p_spacing,
        budget_at = case when p_cost > interval '0' then greatest(v_row.budget_at, v_at) + p_cost else v_row.budget_at end
    where key = p_key;
    return query select true, v_at - v_now;
end $$;
