-- A reason is of what it was given for, and what a writer is told says who tells it.

-- lowered_from: the label that the reason for a lower one was given against; empty where there is none. What was given before this step
-- holds on.
alter table publications add column lowered_from TEXT not null default '';
update publications set lowered_from = 'RED' where lowered <> '';
-- said_by: who says said_back: a person as the journal writes it; empty for the program.
alter table publications add column said_by TEXT not null default '';
-- publish_zone: the time zone in which publish_at was typed (IANA); empty where nobody said.
alter table publications add column publish_zone TEXT not null default '';

-- The public half of each key that signed a document, also of those that the server holds no more: whoever checks an older
-- signature needs the key that made it.
create table csaf_signers (fingerprint TEXT primary key, armored TEXT not null, at BIGINT not null);
insert into csaf_signers (fingerprint, armored, at) select fingerprint, armored, added_at from openpgp_mail_keys;
