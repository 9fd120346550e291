-- As which report type somebody said that a file is to be read, where neither its name nor its columns tell; empty: as its feed says.
alter table event_files add column said_kind TEXT not null default '';
