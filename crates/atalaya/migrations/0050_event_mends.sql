-- Up to when the rows of an event file were observed: what the file is a word about, whenever it came.
alter table event_files add column seen_to BIGINT;
-- Up to when organisations were told of what was erased: what they were told after it is of what came after it.
alter table event_erasures add column told_to BIGINT;
