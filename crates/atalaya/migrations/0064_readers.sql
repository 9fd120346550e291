-- Those who asked to be told of what is published. spelled: the address in small letters. filter: the query of the list that shows
-- the same. due: at_once, daily, weekly. state: pending, active, paused, suspended, ended. contact_id: the contact of a
-- constituent, who is told whatever concerns it. told_until: up to when its holder was told by digest.
create table subscriptions (id BYTEA primary key, address TEXT not null, spelled TEXT not null, language TEXT not null, filter TEXT not null, due TEXT not null, state TEXT not null,
  contact_id BYTEA, confirmed_at BIGINT, told_until BIGINT not null, paused_until BIGINT, created_at BIGINT not null);
create index subscriptions_same on subscriptions (spelled, filter, language);
create index subscriptions_due on subscriptions (due, id) where state = 'active';

-- A version on its way. state: begins, asks (a second person has to let it go), going, stopped, done. after_id: the last subscription that
-- was gone through.
create table mailings (id BYTEA primary key, publication_id BYTEA not null, version BIGINT not null, state TEXT not null, recipients BIGINT not null, queued BIGINT not null,
  after_id BYTEA, started_by TEXT not null, approved_by BYTEA, at BIGINT not null);
create unique index mailings_version on mailings (publication_id, version);

-- Who was told of which version, by which mail: each once.
create table deliveries (subscription_id BYTEA not null, publication_id BYTEA not null, version BIGINT not null, message_id TEXT not null, at BIGINT not null,
  primary key (subscription_id, publication_id, version));
create index deliveries_newest on deliveries (subscription_id, at desc);
create index deliveries_version on deliveries (publication_id, version);

-- The catalogue of products, and the lists that the operator supplies: what is known to be exploited, how likely it is to be.
create table products (id BYTEA primary key, vendor TEXT not null, name TEXT not null);
create unique index products_name on products (vendor, name);
create table known_exploited (cve TEXT primary key, added TEXT not null, due TEXT not null, source TEXT not null);
create table exploit_predictions (cve TEXT primary key, probability TEXT not null, percentile TEXT not null, day TEXT not null, source TEXT not null);
