-- Nodes, by their names, that operators want without shards; it outlasts their restarts.
create table drained_nodes (
    name  text collate "C" primary key,
    since timestamptz not null
);
