-- When somebody was last written down as having read a restricted case: once a person, a case and an hour.
create table case_reads (case_id BYTEA not null, person_id BYTEA not null, at BIGINT not null, primary key (case_id, person_id));
