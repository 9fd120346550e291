-- All cases of one owner, whatever their state, in the order of the list.
create index cases_owner_all on cases (owner_id, updated_at desc, id);
