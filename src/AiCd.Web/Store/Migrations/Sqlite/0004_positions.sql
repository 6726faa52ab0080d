-- How far a forge was heard where it does not tell of itself; milliseconds since 1970.

create table web_positions (
    source text primary key,
    position integer not null
) strict;
