-- ended_as: of a subscription that its holder ended, a keyed hash of the address, so that no list of somebody else's revives it. Empty where it
-- did not end, or ended before this was kept.
alter table subscriptions add column ended_as TEXT not null default '';
create index subscriptions_ended on subscriptions (ended_as);
