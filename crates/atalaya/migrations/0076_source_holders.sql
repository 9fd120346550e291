-- Whose the events are that something was made from: their names are looked for in its text. holders: of how many organisations; -1 where nobody
-- looked, because it was named before this was kept, or is no search for events.
alter table publication_sources add column holders BIGINT not null default -1;
create table publication_source_holders (publication_id BYTEA not null, source_id BYTEA not null, organisation_id BYTEA not null,
  primary key (publication_id, source_id, organisation_id));
