-- The list of check sums of what the sealed site serves, as the team signed it; the newest counts.
create table sealed_sums (made_at BIGINT primary key, text TEXT not null);
