-- How far a forge was heard where it does not tell of itself; milliseconds since 1970.

create table web_positions (
    source text collate "C" primary key,
    position bigint not null
);
