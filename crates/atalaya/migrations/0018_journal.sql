-- The journal is read by who acted, and by day, the newest first.
create index journal_who on journal (who, seq);
create index journal_at on journal (at, seq);
