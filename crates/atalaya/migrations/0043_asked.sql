-- In the order of cases, as what is unread is: both are merged, and a database that finds no index in that order reads all parties.
create index parties_asked_case on parties (case_id) where asked_at is not null;
