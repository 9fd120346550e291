-- The next job that waits and the next lease that ends are each the first entry of an index: however many were done a
-- moment ago, no look reads the table that they left behind.
drop index jobs_kind;
create index jobs_ready on jobs (kind, run_at) where state = 'ready';
create index jobs_leased on jobs (kind, lease_until) where state in ('running', 'again');
--@postgres
--@whole
-- Waits until nobody else can commit, and then reads: each statement of such a function sees what is there when it begins.
create function journal_newest() returns table (seq BIGINT, leaf BYTEA) language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(70616);
  return query select j.seq, j.leaf from journal j order by j.seq desc limit 1;
end $$;
--@end
