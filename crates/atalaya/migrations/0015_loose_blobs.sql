-- Bytes that came for a draft: the sweep asks whether anything names them still.
create table loose_blobs (hash BYTEA primary key, at BIGINT not null);
