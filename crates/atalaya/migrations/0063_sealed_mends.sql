-- How each message was sealed: a dialogue of grade A or B may go on with one that the server sealed (grade C). What the team
-- answers has no grade.
alter table sealed_envelopes add column grade TEXT not null default '';
update sealed_envelopes set grade = (select d.grade from sealed_dialogues d where d.id = sealed_envelopes.dialogue_id) where way = 'in';
-- The day on which its reporter deleted it, until the journal has it, which is told on a later day.
alter table sealed_dialogues add column gone_day TEXT;
