-- When a changed registry gave a holder events that had arrived before: the number under which whoever fetches by arrival hears of them.
alter table event_arrivals add column known BIGINT;
create index event_arrivals_known on event_arrivals (known) where known is not null;
