-- Notices: what organisations are told of their events (docs/events.md, "Told").

-- In which order files became events. The counter's row is held until the commit, so whoever sees a number sees all before it.
alter table event_files add column arrival BIGINT;
create unique index event_files_arrival on event_files (arrival) where arrival is not null;
create index event_files_heard on event_files (feed_id, kind, received_at) where arrival is not null;
-- Which holders got events of which days with an arrival: where a run has to look. House-keeping; the lake knows it, too.
create table event_arrivals (holder BIGINT not null, arrival BIGINT not null, day BIGINT not null, events BIGINT not null, primary key (holder, arrival, day));
create index event_arrivals_oldest on event_arrivals (arrival);

-- Rules. scope: registered, known (registered or not), one (organisation_id). feeds, kinds, types: words with spaces between, or
-- empty for all; a type is a class or class/type. due: at_once, daily, weekly (weekday: 0 is Monday). csv: attach, link.
-- language: empty for the contact's. state: active, off. paused_until: the first day on which it speaks again, or empty.
create table notice_rules (id BYTEA primary key, place BIGINT not null, name TEXT not null, scope TEXT not null, organisation_id BYTEA, feeds TEXT not null, kinds TEXT not null,
  types TEXT not null, severity BIGINT not null, threshold BIGINT not null, due TEXT not null, weekday BIGINT not null, hour BIGINT not null, quiet_days BIGINT not null, csv TEXT not null,
  csv_bytes BIGINT not null, template TEXT not null, language TEXT not null, state TEXT not null, paused_until TEXT not null, pause_reason TEXT not null, created_at BIGINT not null,
  updated_at BIGINT not null, version BIGINT not null);
create unique index notice_rules_name on notice_rules (name);
create index notice_rules_order on notice_rules (place, id);
create index notice_rules_organisation on notice_rules (organisation_id) where organisation_id is not null;
-- When a rule is due next.
create table notice_turns (rule_id BYTEA primary key, next_at BIGINT not null);
create index notice_turns_next on notice_turns (next_at);
-- Which rules are due for a holder and were not looked at yet. slot: the rule's moment, part of a notice's identity.
create table notice_due (holder BIGINT not null, rule_id BYTEA not null, slot TEXT not null, at BIGINT not null, primary key (holder, rule_id));
-- What a holder was told of so far. newest: its newest arrival; looked: up to where rules "at once" looked; told_to: nothing at
-- or before it is left to tell; open: findings that are not gone; list: the findings (a blob); turn: counts what was told.
create table notice_standing (holder BIGINT primary key, newest BIGINT not null, looked BIGINT not null, told_to BIGINT not null, open BIGINT not null, list BYTEA, turn BIGINT not null);
create index notice_standing_new on notice_standing (holder) where newest > told_to;

-- What was told. content: the exact text; csv: the list, lines of it, and whether it was attached.
create table notices (id BYTEA primary key, number TEXT not null unique, holder BIGINT not null, organisation_id BYTEA not null, rule_id BYTEA not null, turn BIGINT not null,
  arrival_from BIGINT not null, arrival_to BIGINT not null, contact_id BYTEA not null, channel TEXT not null, label TEXT not null, language TEXT not null, events BIGINT not null,
  fresh BIGINT not null, again BIGINT not null, lasting BIGINT not null, gone BIGINT not null, severity BIGINT not null, subject TEXT not null, content BYTEA not null, csv BYTEA not null,
  lines BIGINT not null, attached BIGINT not null, at BIGINT not null);
create unique index notices_turn on notices (holder, turn);
create index notices_newest on notices (at desc, id desc);
create index notices_organisation on notices (organisation_id, at desc, id desc);
-- The identity of what was told: a rule, an organisation, a slot; a notice speaks for the rules that were due together.
create table notice_slots (rule_id BYTEA not null, organisation_id BYTEA not null, slot TEXT not null, notice_id BYTEA not null, primary key (rule_id, organisation_id, slot));
create index notice_slots_notice on notice_slots (notice_id);
-- Whom nothing could be told, and why; everything waits.
create table notice_held (holder BIGINT primary key, organisation_id BYTEA not null, rule_id BYTEA not null, why TEXT not null, findings BIGINT not null, severity BIGINT not null,
  since BIGINT not null, at BIGINT not null);
create index notice_held_since on notice_held (since, holder);
