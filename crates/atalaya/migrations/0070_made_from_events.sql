-- A publication is made from searches for events, too. noun: case, report or events; source_id of events: a hash of the search.
-- said: the search as an address has it. label: the highest of what fitted when it was named.
alter table publication_sources add column said TEXT not null default '';
alter table publication_sources add column label TEXT not null default '';
