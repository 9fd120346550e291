-- What an answer names belongs to its report or case, and the sighting says which message named it. Holders
-- are noted for both, so that the column's name says no longer that it is a report.
alter table sightings add column message_id BYTEA;
alter table matches rename column report_id to about;
