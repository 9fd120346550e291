-- OpenPGP mail: the keys of those we write with, our own of the mail address, and what was found of mails.

-- Other people's keys. Nobody vouches for a key: a binding says which address it speaks for, and who looked at it.
create table openpgp_keys (fingerprint TEXT primary key, armored TEXT not null, name TEXT not null, user_ids TEXT not null, made_at BIGINT not null, expires_at BIGINT,
  revoked BIGINT not null, not_to TEXT not null, seen_at BIGINT not null);
create table openpgp_key_ids (key_id TEXT not null, fingerprint TEXT not null, primary key (key_id, fingerprint));
-- state: unverified, verified, conflict (another key was there first). source: import, upload, autocrypt, attached.
create table openpgp_bindings (address TEXT not null, fingerprint TEXT not null, source TEXT not null, state TEXT not null, note TEXT not null, verified_at BIGINT, verified_by TEXT not null,
  contact_id BYTEA, organisation_id BYTEA, first_at BIGINT not null, last_at BIGINT not null, primary key (address, fingerprint));
create index openpgp_bindings_key on openpgp_bindings (fingerprint, address);
create index openpgp_bindings_organisation on openpgp_bindings (organisation_id);

-- The mail address's own keys. `secret` names a blob, sealed with the instance's key. state: current, old (opens what came before).
create table openpgp_mail_keys (fingerprint TEXT primary key, armored TEXT not null, name TEXT not null, secret BYTEA not null, state TEXT not null, expires_at BIGINT,
  added_at BIGINT not null);

-- What was found of a mail that became this report or message (JSON, as the child process said it).
create table openpgp_seals (noun_id BYTEA primary key, sender TEXT not null, seals TEXT not null);

-- How a release was protected on its way: signed by, encrypted to.
alter table ledger add column protection TEXT not null default '';
