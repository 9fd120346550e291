-- Jobs are taken kind by kind, so that slow mail holds up nothing else.
create index jobs_kind on jobs (kind, state, run_at);
--@postgres
-- Order in the search index. A sequence is not locked until the commit.
create sequence search_place;
select setval('search_place', coalesce((select max(place) from search_rows), 0) + 1, false);
--@end
-- The ledger is read page by page, the newest first; rows of the same instant stand in the order of their ids.
drop index ledger_about;
drop index ledger_organisation;
drop index ledger_recipient;
create index ledger_newest on ledger (at, id);
create index ledger_about on ledger (about, at, id);
create index ledger_organisation on ledger (organisation_id, at, id);
create index ledger_recipient on ledger (recipient, at, id);
-- Answers that did not arrive.
create index messages_undelivered on messages (at) where substantive = 1 and state in ('failed', 'bounced');
