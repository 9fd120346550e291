-- refused: the recipient's server will not have the recipient. Trouble of our own smarthost makes a mail fail, too, and says nothing of the address.
alter table outbox add column refused BIGINT not null default 0;

-- let_go_at: when somebody last let it go; digests tell of what waited for that from then on.
alter table mailings add column let_go_at BIGINT;

-- Of who ended it no address is kept.
update subscriptions set address = '', spelled = '' where state = 'ended';

-- The team's page of readers: how many stand how, and a list of those in one state; and those whom nobody confirmed.
create index subscriptions_counted on subscriptions (state, language);
create index subscriptions_listed on subscriptions (state, id);
create index subscriptions_pending on subscriptions (created_at) where state = 'pending';
