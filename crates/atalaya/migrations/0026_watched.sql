-- What somebody watches, counted on each list of cases, is found from the person.
create index watchers_person on watchers (person_id, case_id);
