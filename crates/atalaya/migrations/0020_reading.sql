-- How a clock's business days are meant, as its promise said when it began. Of older clocks nobody wrote it down:
-- they are read as the promise says now.
alter table clocks add column reading TEXT not null default '';
