-- Sealed reports: what the team publishes to seal to, and what came in sealed.

-- Certificates: the team's own (purpose 'team', no intake), and those of readers and of recovery.
create table sealed_certs (fingerprint TEXT not null, intake TEXT not null, armored TEXT not null, name TEXT not null, purpose TEXT not null, person_id BYTEA, expires_at BIGINT,
  added_at BIGINT not null, removed_at BIGINT, primary key (fingerprint, intake));
create table sealed_manifests (intake TEXT not null, version BIGINT not null, text TEXT not null, not_before BIGINT not null, not_after BIGINT not null, made_at BIGINT not null,
  primary key (intake, version));

-- What a reporter left. No column holds an instant, an address or a language: days only. Ids are 16
-- random bytes, since those of other tables begin with the time.
create table sealed_dialogues (id BYTEA primary key, number TEXT not null unique, intake TEXT not null, grade TEXT not null, lookup BYTEA not null unique, wrapped_key BYTEA,
  day TEXT not null, state TEXT not null, answered_day TEXT, case_id BYTEA, owner_id BYTEA, warned BIGINT not null, warned_on TEXT, delete_on TEXT);
create index sealed_dialogues_state on sealed_dialogues (state, number);
create index sealed_dialogues_day on sealed_dialogues (day);
create index sealed_dialogues_delete on sealed_dialogues (delete_on);
-- told: whether the team was told of it, which happens later and at no moment that says anything.
create table sealed_envelopes (id BYTEA primary key, dialogue_id BYTEA not null, place BIGINT not null, way TEXT not null, hash BYTEA not null, head BYTEA not null, body BYTEA not null,
  size BIGINT not null, bucket BIGINT not null, manifest_version BIGINT not null, day TEXT not null, told BIGINT not null, read_day TEXT);
create unique index sealed_envelopes_place on sealed_envelopes (dialogue_id, place);
create index sealed_envelopes_told on sealed_envelopes (told, dialogue_id, place);
create index sealed_envelopes_day on sealed_envelopes (day);
-- The session key wrapped anew for other readers; the newest counts.
create table sealed_heads (envelope_id BYTEA not null, head BYTEA not null, manifest_version BIGINT not null, made_at BIGINT not null, by_whom TEXT not null,
  primary key (envelope_id, manifest_version));
