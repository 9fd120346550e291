-- An address range begins at its address and ends at until, so that it is found by whatever lies in it.
-- Rows from before are filled in by a job.
alter table observables add column until BYTEA;
create index observables_until on observables (until) where until is not null;
--@sqlite
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select randomblob(16), 'place_addresses', '{}', 0, 'ready', 0, 'place_addresses', 0 where exists (select 1 from observables where kind = 'range') on conflict (unique_key) do nothing;
--@end
--@postgres
insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) select uuid_send(gen_random_uuid()), 'place_addresses', '{}', 0, 'ready', 0, 'place_addresses', 0 where exists (select 1 from observables where kind = 'range') on conflict (unique_key) do nothing;
--@end
