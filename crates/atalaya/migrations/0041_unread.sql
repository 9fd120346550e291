-- Since when something stands in a thread that nobody has read: an answer settles what somebody read.
alter table parties add column unread_at BIGINT;
update parties set unread_at = asked_at where unread > 0;
