-- Where an observable stands is read page by page: what was seen at the same instant needs an order too.
drop index sightings_newest;
create index sightings_newest on sightings (observable_id, at desc, about desc);
-- The threads of an organisation by case, page by page.
drop index parties_organisation;
create index parties_organisation on parties (organisation_id, case_id, id);
