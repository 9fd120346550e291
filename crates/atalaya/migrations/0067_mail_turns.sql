-- Which mails go first where many wait: letter, alert, advisory, digest.
alter table outbox add column turn TEXT not null default 'letter';
-- How many mails went to a domain in a minute (turn ''), and how many of a turn are put off until which minute. House-keeping.
create table mail_pace (domain TEXT not null, turn TEXT not null, minute BIGINT not null, count BIGINT not null, primary key (domain, turn));
