-- What people ask of jobs: search, what is waited for, cost, and how long stages took.
alter table jobs add column url text;
alter table jobs add column submitted_by text;
alter table jobs add column parent text;
alter table jobs add column parent_kind text;
alter table jobs add column label_lines text not null default '';
alter table jobs add column hold text;
alter table jobs add column budget_micros integer;
alter table jobs add column cost_micros integer not null default 0;
alter table jobs add column ended_at integer;
alter table jobs add column planning_ms integer not null default 0;
alter table jobs add column coding_ms integer not null default 0;
alter table jobs add column reviewing_ms integer not null default 0;
alter table jobs add column pr_open_ms integer not null default 0;
alter table jobs add column issue_edited integer not null default 0;
alter table jobs add column words text not null default '';

create index jobs_by_repository on jobs (tenant, repository, id);
create index jobs_by_hold on jobs (tenant, hold, id) where hold is not null;
create index jobs_by_end on jobs (tenant, ended_at, id) where ended_at is not null;

-- Rows that are there already are made again from the journal.
update projection_cursors set position = 0;
