-- How business days are meant is part of what a deadline is computed from. Empty: begun before, as the profile says.
alter table clocks add column reading TEXT not null default '';
