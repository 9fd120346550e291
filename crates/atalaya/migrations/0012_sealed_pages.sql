-- The page that seals without a network, as the team signed it: one for each intake and language.
create table sealed_pages (intake TEXT not null, language TEXT not null, version BIGINT not null, page BYTEA not null, signature TEXT not null, made_at BIGINT not null,
  primary key (intake, language));
