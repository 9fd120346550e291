-- Who wants to come to a calendar item. spelled: the address in small letters; empty for somebody without one, whom the team added.
-- seat: asked (nobody has confirmed it yet), coming, waiting, cancelled. turn: the place in the list of those who confirmed,
-- in that order. told_version: the version that the last mail told of. message_id: the first mail, which the others follow.
-- by_whom: who added it. One address stands once in the list of an item.
create table registrations (id BYTEA primary key, publication_id BYTEA not null, name TEXT not null, organisation TEXT not null, remark TEXT not null, address TEXT not null,
  spelled TEXT not null, language TEXT not null, seat TEXT not null, turn BIGINT not null, attended BIGINT not null, told_version BIGINT not null, message_id TEXT not null,
  by_whom TEXT not null, asked_at BIGINT not null, confirmed_at BIGINT);
create unique index registrations_address on registrations (publication_id, spelled) where spelled <> '';
create index registrations_seat on registrations (publication_id, seat, turn, id);
create index registrations_asked on registrations (asked_at, id) where seat = 'asked';

-- What is kept when the registrations of an item are erased: how many there were.
create table registration_counts (publication_id BYTEA primary key, coming BIGINT not null, waiting BIGINT not null, cancelled BIGINT not null, attended BIGINT not null,
  erased_at BIGINT not null);
