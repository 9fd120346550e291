-- Outgoing mail is read page by page, the newest first; mails of the same instant stand in the order of their ids.
drop index outbox_state;
create index outbox_state on outbox (state, queued_at, id);
create index outbox_newest on outbox (queued_at, id);
-- The tasks of everybody, the next due first.
create index tasks_due on tasks (state, due_at);
