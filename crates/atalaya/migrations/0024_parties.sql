-- A party's name is what somebody of the team knows, or what a report says of itself. A party may take part no longer.
alter table parties add column name_checked BIGINT not null default 1;
alter table parties add column ended_at BIGINT;
alter table parties add column ended_reason TEXT not null default '';
update parties set name_checked = 0 where report_id is not null and organisation_id is null and name <> coalesce(mail, '') and name not like 'Reporter of R-%';
