-- The whole schema. One text for both databases; what differs stands between marks.
-- Instants are microseconds since the epoch (UTC), yes/no is 1/0, ids are UUIDv7 in 16 bytes.

-- ---- the store's own -------------------------------------------------------------------------
create table journal (seq BIGINT primary key, at BIGINT not null, who TEXT not null, verb TEXT not null, noun TEXT not null, noun_id BYTEA not null,
  about BYTEA not null, facts TEXT not null, salt BYTEA, particulars TEXT, commitment BYTEA not null, previous BYTEA not null, leaf BYTEA not null);
create index journal_about on journal (about, seq);
create index journal_verb on journal (verb, seq);
create table checkpoints (size BIGINT primary key, note TEXT not null, frontier BYTEA not null, at BIGINT not null);
create table jobs (id BYTEA primary key, kind TEXT not null, payload TEXT not null, run_at BIGINT not null, state TEXT not null, attempts BIGINT not null,
  lease_until BIGINT, unique_key TEXT unique, last_error TEXT, created_at BIGINT not null);
create index jobs_due on jobs (state, run_at);
create table counters (name TEXT primary key, value BIGINT not null);
create table cursors (reader TEXT primary key, seq BIGINT not null);
-- Small blobs ride in the commit of what names them; large ones lie in files (place = 'file').
create table blobs (hash BYTEA primary key, size BIGINT not null, place TEXT not null, sealed BYTEA, created_at BIGINT not null);
--@sqlite
create table search_rows (place BIGINT primary key, noun TEXT not null, noun_id BYTEA not null, about BYTEA not null);
create virtual table search_fts using fts5(title, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
--@end
--@postgres
--@whole
create or replace function unaccent_words(words TEXT) returns TEXT language sql immutable parallel safe as $$
  select translate(words, 'àáâãäåèéêëìíîïòóôõöùúûüýÿñçÀÁÂÃÄÅÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜÝÑÇ', 'aaaaaaeeeeiiiiooooouuuuyyncAAAAAAEEEEIIIIOOOOOUUUUYNC') $$;
--@end
--@postgres
create table search_rows (place BIGINT primary key, noun TEXT not null, noun_id BYTEA not null, about BYTEA not null, doc tsvector not null);
create index search_doc on search_rows using gin (doc);
--@end
create unique index search_noun on search_rows (noun, noun_id);
create index search_about on search_rows (about);

-- ---- people ----------------------------------------------------------------------------------
create table people (id BYTEA primary key, login TEXT not null unique, name TEXT not null, mail TEXT, role TEXT not null, organisation_id BYTEA,
  language TEXT not null, password TEXT not null, totp_secret TEXT, totp_step BIGINT not null, state TEXT not null, created_at BIGINT not null, version BIGINT not null);
create table sessions (hash BYTEA primary key, person_id BYTEA not null, created_at BIGINT not null, seen_at BIGINT not null, expires_at BIGINT not null,
  agent TEXT not null, csrf TEXT not null, stage TEXT not null);
create index sessions_person on sessions (person_id);
create table recovery_codes (hash BYTEA primary key, person_id BYTEA not null, used_at BIGINT);
create table throttles (name TEXT primary key, count BIGINT not null, since BIGINT not null);
create table tokens (id BYTEA primary key, hash BYTEA not null unique, name TEXT not null, person_id BYTEA, organisation_id BYTEA, scope TEXT not null,
  created_at BIGINT not null, used_at BIGINT, revoked_at BIGINT);
create table groups (id BYTEA primary key, name TEXT not null unique);
create table group_members (group_id BYTEA not null, person_id BYTEA not null, primary key (group_id, person_id));
create table drafts (person_id BYTEA not null, noun TEXT not null, noun_id BYTEA not null, fields TEXT not null, base_version BIGINT not null, updated_at BIGINT not null,
  primary key (person_id, noun, noun_id));
create index drafts_noun on drafts (noun, noun_id);
create table views (id BYTEA primary key, person_id BYTEA not null, room TEXT not null, name TEXT not null, query TEXT not null);
create unique index views_name on views (person_id, room, name);

-- ---- constituency ----------------------------------------------------------------------------
create table organisations (id BYTEA primary key, name TEXT not null, sector TEXT not null, status TEXT not null, country TEXT not null, language TEXT not null,
  ceiling TEXT not null, note TEXT not null, created_at BIGINT not null, updated_at BIGINT not null, version BIGINT not null);
create unique index organisations_name on organisations (name);
create table contacts (id BYTEA primary key, organisation_id BYTEA not null, name TEXT not null, function TEXT not null, mail TEXT, phone TEXT not null, language TEXT not null,
  hours TEXT not null, reach TEXT not null, key_fingerprint TEXT not null, key_text TEXT not null, bounced_at BIGINT, bounce TEXT, valid_from BIGINT not null, valid_to BIGINT,
  version BIGINT not null);
create index contacts_organisation on contacts (organisation_id);
create index contacts_mail on contacts (mail);
create table resources (id BYTEA primary key, organisation_id BYTEA not null, kind TEXT not null, value TEXT not null, valid_from BIGINT not null, valid_to BIGINT, source TEXT not null);
create index resources_value on resources (kind, value);
create index resources_organisation on resources (organisation_id);

-- ---- reports ---------------------------------------------------------------------------------
create table mails (id BYTEA primary key, blob BYTEA not null unique, envelope_from TEXT not null, envelope_to TEXT not null, received_at BIGINT not null, via TEXT not null,
  state TEXT not null, noun_id BYTEA, note TEXT not null);
create table reports (id BYTEA primary key, number TEXT not null unique, channel TEXT not null, received_at BIGINT not null, kind TEXT not null, title TEXT not null,
  body TEXT not null, language TEXT not null, urgent BIGINT not null, help BIGINT not null, reporter_name TEXT not null, reporter_mail TEXT not null, reporter_phone TEXT not null,
  reporter_org TEXT not null, organisation_id BYTEA, member_id BYTEA, raw BYTEA, raw_type TEXT not null, problems TEXT not null, label TEXT not null,
  state TEXT not null, verdict TEXT, confidence TEXT, scope TEXT not null, scope_reason TEXT not null, disposition TEXT, disposition_reason TEXT not null, duplicate_of BYTEA,
  rsit_class TEXT not null, rsit_type TEXT not null, owner_id BYTEA, secret BYTEA not null, idempotency TEXT unique, mail_message_id TEXT, due_at BIGINT,
  updated_at BIGINT not null, version BIGINT not null);
create index reports_inbox on reports (state, received_at desc, id);
create index reports_waiting on reports (received_at desc, id) where case when state = 'new' then 1 when state = 'open' and coalesce(disposition, '') <> 'case' then 1 else 0 end = 1;
create index reports_newest on reports (received_at desc, id);
create index reports_organisation on reports (organisation_id, received_at desc);
create index reports_mail on reports (reporter_mail, received_at desc);
create index reports_message on reports (mail_message_id);
create index reports_secret on reports (secret);
create table report_files (id BYTEA primary key, report_id BYTEA not null, message_id BYTEA, name TEXT not null, media_type TEXT not null, size BIGINT not null, blob BYTEA not null,
  place BIGINT not null);
create index report_files_report on report_files (report_id, place);
create table observables (id BYTEA primary key, kind TEXT not null, value TEXT not null);
create unique index observables_value on observables (kind, value);
create table sightings (observable_id BYTEA not null, about BYTEA not null, noun TEXT not null, at BIGINT not null, primary key (observable_id, about));
create index sightings_about on sightings (about);
create index sightings_newest on sightings (observable_id, at desc);
create table matches (report_id BYTEA not null, observable_id BYTEA not null, organisation_id BYTEA not null, resource TEXT not null, reason TEXT not null, place BIGINT not null,
  primary key (report_id, observable_id, organisation_id, resource));
create index matches_organisation on matches (organisation_id);
create table form_answers (token BYTEA primary key, fields TEXT not null, updated_at BIGINT not null);

-- ---- cases -----------------------------------------------------------------------------------
create table cases (id BYTEA primary key, number TEXT not null unique, kind TEXT not null, title TEXT not null, summary TEXT not null, label TEXT not null,
  state TEXT not null, phase TEXT not null, verdict TEXT, confidence TEXT, rsit_class TEXT not null, rsit_type TEXT not null, subtype TEXT not null, severity TEXT not null,
  severity_rule TEXT not null, severity_reason TEXT not null, owner_id BYTEA, group_id BYTEA, restricted BIGINT not null,
  occurred_at BIGINT, detected_at BIGINT, reported_at BIGINT, responded_at BIGINT, contained_at BIGINT, recovered_at BIGINT, times_reason TEXT not null,
  cause TEXT not null, cause_cve TEXT not null, outcome TEXT, outcome_reason TEXT not null, waiver_by BYTEA, waiver_reason TEXT not null, merged_into BYTEA, split_from BYTEA,
  due_at BIGINT, opened_at BIGINT not null, closed_at BIGINT, updated_at BIGINT not null, version BIGINT not null);
create index cases_list on cases (state, updated_at desc, id, restricted, owner_id, group_id);
create index cases_newest on cases (updated_at desc, id);
create index cases_owner on cases (owner_id, state, updated_at desc, id);
create index cases_due on cases (state, due_at, id);
create table case_reports (case_id BYTEA not null, report_id BYTEA not null, at BIGINT not null, primary key (case_id, report_id));
create index case_reports_report on case_reports (report_id);
create table case_links (case_id BYTEA not null, other_id BYTEA not null, kind TEXT not null, primary key (case_id, other_id));
create table watchers (case_id BYTEA not null, person_id BYTEA not null, primary key (case_id, person_id));
create table extents (id BYTEA primary key, case_id BYTEA not null, version BIGINT not null, items TEXT not null, at BIGINT not null, by_whom TEXT not null);
create unique index extents_version on extents (case_id, version);
create table parties (id BYTEA primary key, case_id BYTEA not null, organisation_id BYTEA, contact_id BYTEA, report_id BYTEA, name TEXT not null, alias TEXT not null, role TEXT not null,
  mail TEXT, language TEXT not null, reach TEXT not null, ceiling TEXT not null, consent_until BIGINT, consent_note TEXT not null, secret BYTEA not null, last_in BIGINT, last_out BIGINT,
  unread BIGINT not null, added_at BIGINT not null);
create index parties_case on parties (case_id, added_at);
create index parties_organisation on parties (organisation_id, case_id);
create index parties_mail on parties (mail, case_id);
create index parties_report on parties (report_id);
create index parties_secret on parties (secret);
create table messages (id BYTEA primary key, case_id BYTEA, party_id BYTEA, report_id BYTEA, direction TEXT not null, channel TEXT not null, subject TEXT not null, body TEXT not null,
  label TEXT not null, language TEXT not null, state TEXT not null, substantive BIGINT not null, mail_message_id TEXT, in_reply_to TEXT, raw BYTEA, by_whom TEXT not null,
  at BIGINT not null, version BIGINT not null);
create index messages_party on messages (party_id, at);
create index messages_case on messages (case_id, at);
create index messages_report on messages (report_id, at);
create index messages_mail on messages (mail_message_id);
create table message_files (id BYTEA primary key, message_id BYTEA not null, name TEXT not null, media_type TEXT not null, size BIGINT not null, blob BYTEA not null, place BIGINT not null);
create index message_files_message on message_files (message_id, place);
create table tasks (id BYTEA primary key, case_id BYTEA not null, title TEXT not null, owner_id BYTEA, party_id BYTEA, due_at BIGINT, state TEXT not null, note TEXT not null,
  place BIGINT not null, done_at BIGINT, version BIGINT not null);
create index tasks_case on tasks (case_id, place);
create index tasks_owner on tasks (owner_id, state, due_at);
create table recommendations (id BYTEA primary key, case_id BYTEA not null, party_id BYTEA not null, message_id BYTEA, kind TEXT not null, text TEXT not null, wish_at BIGINT,
  state TEXT not null, answer TEXT not null, hearsay TEXT not null, answered_at BIGINT, secret BYTEA not null, created_at BIGINT not null);
create index recommendations_case on recommendations (case_id, created_at);
create index recommendations_party on recommendations (party_id);
create index recommendations_secret on recommendations (secret);
create table notes (id BYTEA primary key, about BYTEA not null, body TEXT not null, by_whom BYTEA not null, at BIGINT not null, version BIGINT not null);
create index notes_about on notes (about, at);

-- ---- clocks, release -------------------------------------------------------------------------
create table clocks (id BYTEA primary key, about BYTEA not null, noun TEXT not null, promise TEXT not null, anchor_at BIGINT not null, amount BIGINT not null, unit TEXT not null,
  calendar TEXT not null, calendar_version BIGINT not null, due_at BIGINT not null, state TEXT not null, stopped_at BIGINT, pauses TEXT not null, version BIGINT not null);
create index clocks_about on clocks (about);
create index clocks_due on clocks (state, due_at);
create index clocks_promise on clocks (promise, anchor_at);
create table ledger (id BYTEA primary key, at BIGINT not null, who TEXT not null, recipient TEXT not null, organisation_id BYTEA, about BYTEA not null, noun TEXT not null, noun_id BYTEA not null,
  version BIGINT not null, label TEXT not null, basis TEXT not null, channel TEXT not null, address TEXT not null, content BYTEA not null);
create index ledger_about on ledger (about, at);
create index ledger_organisation on ledger (organisation_id, at);
create index ledger_recipient on ledger (recipient, at);
create index ledger_noun on ledger (noun_id);
create table outbox (id BYTEA primary key, ledger_id BYTEA not null, about BYTEA not null, message_id BYTEA, contact_id BYTEA, mail_message_id TEXT not null, sender TEXT not null,
  recipient TEXT not null, raw BYTEA not null, state TEXT not null, attempts BIGINT not null, answer TEXT not null, queued_at BIGINT not null, sent_at BIGINT);
create index outbox_message on outbox (message_id);
create index outbox_mail on outbox (mail_message_id);
create index outbox_state on outbox (state, queued_at);
