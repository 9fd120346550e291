-- Who is reached by phone is called at this number: the one that its report or its contact has, or one that somebody typed.
alter table parties add column phone TEXT not null default '';
update parties set phone = coalesce((select r.reporter_phone from reports r where r.id = parties.report_id), '') where report_id is not null;
update parties set phone = coalesce((select c.phone from contacts c where c.id = parties.contact_id), '') where phone = '' and contact_id is not null;
