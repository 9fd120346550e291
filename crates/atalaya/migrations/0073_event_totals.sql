-- The totals of a data file, packed (lake::rollup::Totals): pages that count everything read these alone. Null where sums
-- were noted before there were totals; the daily tidying packs them.
alter table event_data_files add column totals BYTEA;
create index event_data_files_day on event_data_files (day);

-- The feeds that a token of scope "feeds" delivers to, by name, with spaces between. Empty: every feed, as all tokens could
-- that were made before.
alter table tokens add column feeds TEXT not null default '';

-- An erasure takes texts that name an address, too: no file is known to be clear of that yet.
update event_data_files set cleared = 0;
