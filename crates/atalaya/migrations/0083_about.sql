-- What the page of RFC 2350 says in a language, as a hash without its figures, and since when it says that.
create table about_texts (language TEXT primary key, hash TEXT not null, at BIGINT not null);
