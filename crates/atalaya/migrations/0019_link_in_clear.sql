-- Whether the link to a page went out in a mail that anybody on its way can read. What may not go that way is
-- then not shown behind it. Of the links that are out already nobody knows: they count as if they had.
alter table reports add column link_in_clear BIGINT not null default 0;
alter table parties add column link_in_clear BIGINT not null default 0;
update reports set link_in_clear = 1 where reporter_mail <> '';
update parties set link_in_clear = 1 where last_out is not null;
