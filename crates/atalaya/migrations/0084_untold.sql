-- What the last look at a holder did not tell, and why (events/notices/compare.rs, Why); for no rule: an empty rule_id. first: its first arrival;
-- newest: up to which arrival it was looked; since: known since. What is left behind stays until it is looked at again, or is old.
create table notice_untold (holder BIGINT not null, organisation_id BYTEA not null, why TEXT not null, rule_id BYTEA not null, findings BIGINT not null, severity BIGINT not null,
  first BIGINT not null, newest BIGINT not null, since BIGINT not null, at BIGINT not null, primary key (holder, why, rule_id));
create index notice_untold_newest on notice_untold (newest);
