-- Mends of abuse events.

-- whole: every event that is stored was matched with this resource; 0: only those of files that were read since it was
-- entered or changed. What stands here from before may be either, and is looked at once more.
alter table event_holdings add column whole BIGINT not null default 0;
-- cleared: so many erasures had been made when this data file was found to hold nothing of them.
alter table event_data_files add column cleared BIGINT not null default 0;
-- Files that were stored and are being read again: while there is one, nobody is told anything.
create index event_files_missing on event_files (number) where arrival is not null and state not in ('stored', 'dropped');
-- The mail of what the ledger says was released.
create index outbox_ledger on outbox (ledger_id);
-- ---- what members say is wrong ----------------------------------------------------------------
-- finding: the key of a finding (JSON), empty once it was erased. state: open, accepted (told no more), refused.
create table event_claims (id BYTEA primary key, organisation_id BYTEA not null, holder BIGINT not null, finding TEXT not null, subject TEXT not null, kind TEXT not null,
  words TEXT not null, state TEXT not null, by_whom TEXT not null, at BIGINT not null, decided_by TEXT not null, decided_at BIGINT, note TEXT not null);
create index event_claims_finding on event_claims (holder, finding, at, id);
create index event_claims_holder on event_claims (holder, at, id);
create index event_claims_open on event_claims (at, id) where state = 'open';
create index event_claims_decided on event_claims (decided_at desc, id desc) where state <> 'open';
create index event_claims_accepted on event_claims (holder) where state = 'accepted';
-- ---- what members wish to be changed ------------------------------------------------------------
-- kind: contact.add, contact.change, contact.end, resource.add, resource.end. fields: JSON. state: open, approved (it was changed
-- in the same commit), refused.
create table registry_proposals (id BYTEA primary key, organisation_id BYTEA not null, kind TEXT not null, target BYTEA, version BIGINT not null, fields TEXT not null,
  words TEXT not null, state TEXT not null, by_whom TEXT not null, at BIGINT not null, decided_by TEXT not null, decided_at BIGINT, note TEXT not null);
create index registry_proposals_open on registry_proposals (at, id) where state = 'open';
create index registry_proposals_organisation on registry_proposals (organisation_id, at desc, id desc);
