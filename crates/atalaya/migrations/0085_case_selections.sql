-- The selection of events that a case was opened from, as the fields of an address: by it the holders of the sources are found.
create table case_selections (case_id BYTEA primary key, search TEXT not null);
