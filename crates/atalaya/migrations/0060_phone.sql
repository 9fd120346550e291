-- Who is reached by phone is called at this number.
alter table parties add column phone TEXT not null default '';
