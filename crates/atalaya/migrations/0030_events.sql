-- Abuse events: what feeds deliver and what became of it. The events themselves lie in Parquet files beside the
-- database (docs/events.md); here stand the files they came in, the lines that were none, and sums.

-- Organisations and event files have a number: 8 bytes in each row of events, where an id would be 16.
alter table organisations add column number BIGINT not null default 0;
update organisations set number = (select count(*) from organisations o where o.id <= organisations.id);
create unique index organisations_number on organisations (number);
insert into counters (name, value) select 'organisation-number', count(*) from organisations where true on conflict (name) do nothing;

-- Who delivers what. mapping: a table of mappings in TOML, or empty for those that come with the program. kind: the
-- report type of its files, or empty where name or header tell it. every_hours: how often something should come, 0 for
-- whenever it likes.
create table feeds (id BYTEA primary key, name TEXT not null, title TEXT not null, kind TEXT not null, mapping TEXT not null, label TEXT not null, mail_from TEXT not null,
  mail_to TEXT not null, every_hours BIGINT not null, state TEXT not null, last_at BIGINT, note TEXT not null, created_at BIGINT not null, updated_at BIGINT not null,
  version BIGINT not null);
create unique index feeds_name on feeds (name);

-- Each file once, by its bytes. state: received, reading, stored, held (nothing of it is used until somebody looked),
-- failed (our own trouble), dropped (somebody looked and wants nothing of it). alarm: why it is held or failed.
-- header: the line that names the columns, so that a rejected line can be mended. mends: the file whose lines it corrects.
create table event_files (id BYTEA primary key, number BIGINT not null unique, sha256 BYTEA not null unique, feed_id BYTEA not null, name TEXT not null, size BIGINT not null,
  via TEXT not null, received_at BIGINT not null, state TEXT not null, kind TEXT not null, mapping_version BIGINT not null, registry_version BIGINT not null, stored BIGINT not null,
  duplicate BIGINT not null, rejected BIGINT not null, unmatched BIGINT not null, alarm TEXT not null, header TEXT not null, mends BYTEA, read_at BIGINT, version BIGINT not null);
create index event_files_feed on event_files (feed_id, number);
create index event_files_alarm on event_files (number) where state in ('held', 'failed');

-- Lines that are no events. state: open, corrected (in the file of that id), dropped.
create table event_rejects (id BYTEA primary key, file_id BYTEA not null, feed_id BYTEA not null, line BIGINT not null, column_name TEXT not null, reason TEXT not null, bytes BYTEA not null,
  state TEXT not null, corrected_in BYTEA, note TEXT not null, at BIGINT not null, by_whom TEXT not null);
create unique index event_rejects_line on event_rejects (file_id, line, id);
create index event_rejects_open on event_rejects (at desc, id desc) where state = 'open';
create index event_rejects_feed on event_rejects (feed_id, at desc, id desc) where state = 'open';

-- The columns that files of a feed had, and that its mapping does not name: how a format drifts.
create table feed_columns (feed_id BYTEA not null, kind TEXT not null, name TEXT not null, first_at BIGINT not null, last_at BIGINT not null, values_seen BIGINT not null,
  looked_at BIGINT, primary key (feed_id, kind, name));

-- Sums for dashboards, by the data file that the events lie in: whoever rewrites a file replaces its rows. first: the
-- holder is the event's first; over all holders only these are counted. Sketches count different addresses (HyperLogLog).
create table event_rollups (data_file TEXT not null, day BIGINT not null, holder BIGINT not null, first BIGINT not null, class TEXT not null, type TEXT not null, asn BIGINT not null,
  country TEXT not null, events BIGINT not null, primary key (data_file, holder, first, class, type, asn, country));
create index event_rollups_day on event_rollups (day, first, holder);
create index event_rollups_holder on event_rollups (holder, day);
-- The same by day and type alone, each event once: a year of it is read in a moment.
create table event_days (data_file TEXT not null, day BIGINT not null, class TEXT not null, type TEXT not null, events BIGINT not null, nobodys BIGINT not null,
  primary key (data_file, class, type));
create index event_days_day on event_days (day, class, type, events, nobodys);
create table event_sketches (data_file TEXT not null, day BIGINT not null, of_kind TEXT not null, of_number BIGINT not null, sketch BYTEA not null,
  primary key (data_file, of_kind, of_number));
create index event_sketches_of on event_sketches (of_kind, of_number, day);
-- The data files whose sums stand here, and the resources that the events in the lake were matched with: both only say
-- what is left to do.
create table event_data_files (data_file TEXT primary key, day BIGINT not null);
create table event_holdings (holder BIGINT not null, kind TEXT not null, value TEXT not null, valid_from BIGINT not null, valid_to BIGINT not null,
  primary key (holder, kind, value, valid_from, valid_to));

-- ---- letting go ------------------------------------------------------------------------------
-- What was erased: nobody sees it since masked_at, the lake's files were written without it at written_at, and the files from
-- before are gone since gone_at. kind: addresses (value: one network), organisation (value: its number). At the instant at, what
-- was observed before it is meant.
create table event_erasures (id BYTEA primary key, kind TEXT not null, value TEXT not null, reason TEXT not null, by_whom TEXT not null, at BIGINT not null, masked_at BIGINT,
  written_at BIGINT, gone_at BIGINT);
create index event_erasures_open on event_erasures (at) where gone_at is null;
create index event_erasures_newest on event_erasures (at desc, id desc);

-- ---- the registry's own list -----------------------------------------------------------------
-- Allocations and assignments as a regional registry publishes them (delegated-extended). handle: its opaque id.
create table allocations (id BYTEA primary key, registry TEXT not null, kind TEXT not null, value TEXT not null, handle TEXT not null, country TEXT not null, status TEXT not null,
  valid_from BIGINT not null, valid_to BIGINT, seen_on TEXT not null);
create index allocations_value on allocations (registry, kind, value);
create index allocations_handle on allocations (registry, handle);
-- Which organisation a handle is.
create table handles (registry TEXT not null, handle TEXT not null, organisation_id BYTEA not null, primary key (registry, handle));
create index handles_organisation on handles (organisation_id);
