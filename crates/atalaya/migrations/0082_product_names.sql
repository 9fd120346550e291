-- cpe, purl: what machines call it, as an advisory said last. becomes: the product that it is, where it was mistyped; it is offered no more,
-- also where an advisory that left so goes on.
alter table products add column cpe TEXT not null default '';
alter table products add column purl TEXT not null default '';
alter table products add column becomes BYTEA;
