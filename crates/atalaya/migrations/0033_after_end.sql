-- Since when what a party wrote after the end of its case waits for somebody to say whether work goes on. Few wait, whatever the number of parties.
alter table parties add column asked_at BIGINT;
create index parties_asked on parties (asked_at, case_id) where asked_at is not null;
