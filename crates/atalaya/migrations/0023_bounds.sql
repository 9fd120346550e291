-- Files that wait for a report to be sent, apart from its answers: tidying reads no answers.
create table form_files (token BYTEA not null, id BIGINT not null, name TEXT not null, media_type TEXT not null, hash BYTEA not null, size BIGINT not null,
  primary key (token, id));
create index form_files_hash on form_files (hash);
create index form_answers_touched on form_answers (updated_at);
--@sqlite
insert into form_files (token, id, name, media_type, hash, size) select a.token, json_extract(f.value, '$.id'), json_extract(f.value, '$.name'),
  json_extract(f.value, '$.media_type'), unhex(json_extract(f.value, '$.hash')), json_extract(f.value, '$.size') from form_answers a, json_each(a.fields, '$.files') f;
--@end
--@postgres
insert into form_files (token, id, name, media_type, hash, size) select a.token, (f.value ->> 'id')::BIGINT, f.value ->> 'name', f.value ->> 'media_type',
  decode(f.value ->> 'hash', 'hex'), (f.value ->> 'size')::BIGINT from form_answers a, jsonb_array_elements(a.fields::jsonb -> 'files') f;
--@end
-- Nothing wrote these, and nothing read them.
alter table sessions drop column csrf;
alter table tasks drop column note;
alter table reports drop column rsit_class;
alter table reports drop column rsit_type;
-- An organisation's reports in the order in which they came: ids begin with the time.
drop index reports_organisation;
create index reports_organisation on reports (organisation_id, id);
drop index matches_organisation;
create index matches_organisation on matches (organisation_id, about);
