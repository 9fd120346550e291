-- How bad what a claim is about was when it was made: 0 to 4; -1 where nobody noted it.
alter table event_claims add column severity BIGINT not null default -1;
