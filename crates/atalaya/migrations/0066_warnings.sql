-- Products that an organisation says it runs. name_key: vendor and product as they are compared; cpe_key, purl_key: the same of their
-- names for machines, without a release, or empty.
create table assets (id BYTEA primary key, organisation_id BYTEA not null, vendor TEXT not null, name TEXT not null, version TEXT not null, cpe TEXT not null, purl TEXT not null,
  name_key TEXT not null, cpe_key TEXT not null, purl_key TEXT not null, by_whom TEXT not null, at BIGINT not null);
create unique index assets_same on assets (organisation_id, name_key, version);
create index assets_name on assets (name_key, id);
create index assets_cpe on assets (cpe_key, id) where cpe_key <> '';
create index assets_purl on assets (purl_key, id) where purl_key <> '';

-- Which constituents are told of a publication without asking for it. told: none, all, sectors (those that it is for). Without a
-- row it is as the profile says.
create table publication_rules (publication_id BYTEA primary key, told TEXT not null);

-- A mailing is of a version on its way: kind release (those whom the rule names, and all who asked), or chosen (constituents whom
-- somebody chose). ahead: before the version is out; text: what it says (a hash), so that nothing else goes on that word.
alter table mailings add column kind TEXT not null default 'release';
alter table mailings add column ahead BIGINT not null default 0;
alter table mailings add column text TEXT not null default '';
drop index mailings_version;
create unique index mailings_release on mailings (publication_id, version) where kind = 'release';
create index mailings_publication on mailings (publication_id, version);

-- What one organisation is told of a version, and why: each once, and once more before the version is out. state: proposed, out
-- (somebody took it out), waits, told, held (why says what is against it). reasons: JSON. content: the exact text.
create table warnings (id BYTEA primary key, mailing_id BYTEA, publication_id BYTEA not null, version BIGINT not null, ahead BIGINT not null, organisation_id BYTEA not null,
  reasons TEXT not null, state TEXT not null, why TEXT not null, contact_id BYTEA, channel TEXT not null, label TEXT not null, language TEXT not null, subject TEXT not null, content BYTEA,
  message_id TEXT not null, at BIGINT not null);
create unique index warnings_once on warnings (publication_id, version, ahead, organisation_id);
create index warnings_waiting on warnings (mailing_id, id) where state = 'waits';
create index warnings_organisation on warnings (organisation_id, at desc, id desc) where state = 'told';

-- A constituent that is told without asking has a warning and no subscription.
delete from subscriptions where contact_id is not null;
alter table subscriptions drop column contact_id;

-- What constituents read, the newest first.
create index publication_versions_inside on publication_versions (at desc, id desc) where channel = 'portal';
