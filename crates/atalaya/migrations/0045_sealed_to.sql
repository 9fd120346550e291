-- The list of readers that an envelope was sealed to, as far as its outside tells; its manifest's version is that of the day.
alter table sealed_envelopes add column sealed_to BIGINT not null default 0;
update sealed_envelopes set sealed_to = manifest_version;
