-- The table of the events that is ours (docs/events.md): its name, which it has as well, and the place where it was found
-- last; an empty place: wherever it is looked for next, it may be made again. trouble: why it cannot be used now.
create table event_table (one BIGINT primary key, id TEXT not null, place TEXT not null, trouble TEXT not null, since BIGINT not null);
