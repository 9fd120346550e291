-- For when a running job was asked for again. Until now that moment stood where the one stands for which it runs.
alter table jobs add column again_at BIGINT;
update jobs set again_at = run_at, run_at = created_at where state = 'again';
-- The first and last address of a prefix, so that what lies in a network is found along an index. Rows from before are filled in by a job.
alter table resources add column first_address BYTEA;
alter table resources add column last_address BYTEA;
create index resources_span on resources (kind, first_address, last_address desc, id);
-- Forms that made something, by who sent what where: sent again after going back, they make nothing more.
create table sent_forms (form BYTEA primary key, made BYTEA, at BIGINT not null);
create index sent_forms_at on sent_forms (at);
-- What is done once, after this step: parties of cases from before 0024 come into the index of search, prefixes get their addresses.
--@sqlite
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select randomblob(16), 'index_parties', '{}', 0, 'ready', 0, 'index_parties', 0 where exists (select 1 from parties);
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select randomblob(16), 'span_prefixes', '{}', 0, 'ready', 0, 'span_prefixes', 0 where exists (select 1 from resources);
--@end
--@postgres
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select uuid_send(gen_random_uuid()), 'index_parties', '{}', 0, 'ready', 0, 'index_parties', 0 where exists (select 1 from parties);
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select uuid_send(gen_random_uuid()), 'span_prefixes', '{}', 0, 'ready', 0, 'span_prefixes', 0 where exists (select 1 from resources);
--@end
