-- A look for one kind of job must not walk past the waiting jobs of all others; only the dead are listed
-- without asking for a kind.
drop index jobs_due;
create index jobs_dead on jobs (run_at) where state = 'dead';
-- Restricted cases are few: what hides them is asked of them alone.
create index cases_restricted on cases (id) where restricted = 1;
