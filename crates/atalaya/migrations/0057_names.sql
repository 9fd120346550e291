-- An organisation is found by its name in whatever letters: what a case's extent names is asked at each look at the case.
create index organisations_name_lower on organisations (lower(name));
