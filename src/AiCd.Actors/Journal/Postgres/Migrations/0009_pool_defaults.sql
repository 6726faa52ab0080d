-- What operators did not name stays as each node is configured.
alter table pool_settings alter column concurrency drop not null, alter column starts_per_second drop not null;
