-- What a case page and an intake ask, answered without reading a whole table.
create index cases_merged on cases (merged_into) where merged_into is not null;
create index case_links_other on case_links (other_id);
create index group_members_person on group_members (person_id);
