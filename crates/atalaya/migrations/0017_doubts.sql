-- What there is to doubt of a mail's sender, beside what OpenPGP says of the mail.
alter table openpgp_seals add column doubts TEXT not null default '';
