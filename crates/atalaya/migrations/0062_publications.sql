-- What the team publishes. The working copy stands in the row; what was released stands whole in its versions.

-- kind: press::Kind. name: the number, or the word that its address ends in; empty until it has one. standing: '' (never
-- out), current, withdrawn, superseded. version: the newest that is out, 0 for none. stage: '' (nothing in work), draft,
-- review, approved, scheduled. content: the working copy (JSON, press::Content); title, label: of it. writers: who changed it since
-- the last release (JSON, ids). lowered: why it may go further than what it was made from. told: why what the leak check asks
-- about (told_of) may be said. note: what the version changes.
-- edition counts the changes of the row.
create table publications (id BYTEA primary key, kind TEXT not null, name TEXT not null, standing TEXT not null, version BIGINT not null, stage TEXT not null,
  content TEXT not null, title TEXT not null, label TEXT not null, writers TEXT not null, lowered TEXT not null, told TEXT not null, told_of TEXT not null, note TEXT not null, said_back TEXT not null,
  approved_by BYTEA, approved_at BIGINT, publish_at BIGINT, released_by BYTEA, superseded_by BYTEA, review_on TEXT not null, owner_id BYTEA, created_at BIGINT not null,
  updated_at BIGINT not null, released_at BIGINT, edition BIGINT not null);
create unique index publications_name on publications (kind, name) where name <> '';
create index publications_stage on publications (updated_at desc, id desc) where stage <> '';
create index publications_kind on publications (kind, updated_at desc, id desc);
create index publications_updated on publications (updated_at desc, id desc);
create index publications_review on publications (review_on, id) where review_on <> '';

-- Each version as it left. standing: what it said of itself. channel: public or portal.
create table publication_versions (id BYTEA primary key, publication_id BYTEA not null, version BIGINT not null, standing TEXT not null, content TEXT not null, label TEXT not null,
  channel TEXT not null, note TEXT not null, by_whom TEXT not null, approved_by BYTEA, at BIGINT not null, ledger_id BYTEA not null);
create unique index publication_versions_version on publication_versions (publication_id, version);

-- What a publication was made from. noun: case or report.
create table publication_sources (publication_id BYTEA not null, noun TEXT not null, source_id BYTEA not null, at BIGINT not null, by_whom TEXT not null,
  primary key (publication_id, noun, source_id));
create index publication_sources_source on publication_sources (source_id, publication_id);

-- The documents that a version of an advisory left, byte for byte as they are signed. label: as it left.
create table csaf_documents (publication_id BYTEA not null, version BIGINT not null, document_id TEXT not null, label TEXT not null, v20 BYTEA, v21 BYTEA,
  signature20 TEXT not null, signature21 TEXT not null, primary key (publication_id, version));
