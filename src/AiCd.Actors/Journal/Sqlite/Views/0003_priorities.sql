create index jobs_by_priority on jobs (tenant, priority, id);
