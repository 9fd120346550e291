-- The report that a message in a thread came from, if it was put there: the report follows the need to know of that case,
-- and what was put there passed the gate before its party reads it.
alter table messages add column placed_from BYTEA;
create index messages_placed on messages (placed_from, at, id) where placed_from is not null;
