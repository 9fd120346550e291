-- What an organisation holds, in the order in which its page lists it.
create index resources_held on resources (organisation_id, kind, value, valid_from, id);
