-- Whether its reporter wrote something that the team was told of and has not answered yet, whatever else became of it.
alter table sealed_dialogues add column waits BIGINT not null default 0;
update sealed_dialogues set waits = 1 where state in ('new', 'open', 'kept', 'unsealed') and (exists (select 1 from clocks c where c.about = sealed_dialogues.id and c.state = 'running')
  or exists (select 1 from sealed_envelopes e where e.dialogue_id = sealed_dialogues.id and e.told = 1 and e.way = 'in'
    and not exists (select 1 from sealed_envelopes o where o.dialogue_id = e.dialogue_id and o.way = 'out' and o.place > e.place)));
create index sealed_dialogues_open on sealed_dialogues (number) where state in ('new', 'open') or waits = 1;
