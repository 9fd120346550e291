-- When the original of an event file was let go, by its age; what became of its events stays.
alter table event_files add column let_go_at BIGINT;
create index event_files_originals on event_files (received_at) where let_go_at is null and state in ('stored', 'dropped');
