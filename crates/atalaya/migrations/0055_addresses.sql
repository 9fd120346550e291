-- The address of an observable that is one, so that what was seen in a network is found along an index, however wide it is.
-- Rows from before are filled in by a job.
alter table observables add column address BYTEA;
create index observables_address on observables (address) where address is not null;
--@sqlite
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select randomblob(16), 'place_addresses', '{}', 0, 'ready', 0, 'place_addresses', 0 where exists (select 1 from observables);
--@end
--@postgres
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select uuid_send(gen_random_uuid()), 'place_addresses', '{}', 0, 'ready', 0, 'place_addresses', 0 where exists (select 1 from observables);
--@end
