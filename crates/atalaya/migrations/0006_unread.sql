-- Cases in which an answer waits to be read: few, whatever the number of cases.
create index parties_unread on parties (case_id) where unread > 0;
