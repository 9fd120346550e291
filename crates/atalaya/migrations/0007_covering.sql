-- One person's open cases, counted without looking through everybody's.
drop index cases_owner;
create index cases_owner on cases (owner_id, state, updated_at desc, id, restricted, group_id);
