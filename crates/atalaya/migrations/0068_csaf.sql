-- Advisories by the rules of CSAF: what a version is called, a document for each translation, and whose document it was.

-- number: of an advisory, as its document says it (CSAF 2.0 section 3.1.11); empty for other kinds. weight: patch, minor or major: what
-- the difference to the version before weighs; empty for the first. What left before this step counts 1, 2, 3, as its documents
-- say, and goes on so: a document keeps to one scheme.
alter table publication_versions add column number TEXT not null default '';
alter table publication_versions add column weight TEXT not null default '';
update publication_versions set number = cast(version as TEXT) where publication_id in (select id from publications where kind = 'advisory');

-- The documents, one for each language. language: empty for the original. told: what lists say of it, with the sums of its files (JSON);
-- empty for what left before this step, until the program has started. wanting: how many signatures are missing. The bytes come
-- last, so that a list does not read over them.
alter table csaf_documents rename to csaf_documents_before;
create table csaf_documents (publication_id BYTEA not null, version BIGINT not null, language TEXT not null, document_id TEXT not null, label TEXT not null, told TEXT not null,
  wanting BIGINT not null, signature20 TEXT not null, signature21 TEXT not null, v20 BYTEA, v21 BYTEA, primary key (publication_id, version, language));
insert into csaf_documents (publication_id, version, language, document_id, label, told, wanting, signature20, signature21, v20, v21)
  select publication_id, version, '', document_id, label, '',
    (case when v20 is not null and signature20 = '' then 1 else 0 end) + (case when v21 is not null and signature21 = '' then 1 else 0 end),
    signature20, signature21, v20, v21 from csaf_documents_before;
drop table csaf_documents_before;
create index csaf_documents_wanting on csaf_documents (wanting);
create index csaf_documents_untold on csaf_documents (publication_id) where told = '';

-- Each version of somebody else's document that was taken over: which publication was made of it, where it was, the bytes as they came.
create table publication_origins (id BYTEA primary key, publication_id BYTEA not null, namespace TEXT not null, document_id TEXT not null, version TEXT not null,
  released_at BIGINT, url TEXT not null, raw BYTEA not null, at BIGINT not null, by_whom TEXT not null);
create unique index publication_origins_document on publication_origins (namespace, document_id, version);
create index publication_origins_publication on publication_origins (publication_id, at);
create index publication_origins_raw on publication_origins (raw);

-- Whether anything of it was ever public: asked before each release.
create index publication_versions_public on publication_versions (publication_id, version) where channel = 'public';
