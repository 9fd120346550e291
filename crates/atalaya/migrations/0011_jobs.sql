-- A look for one kind of job must not walk past the waiting jobs of all others; only the dead are listed
-- without asking for a kind.
drop index jobs_due;
create index jobs_dead on jobs (run_at) where state = 'dead';
