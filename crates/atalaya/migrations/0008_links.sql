-- A link can be ended, and stays ended until somebody issues another: no mail carries one meanwhile.
alter table reports add column link_ended BIGINT not null default 0;
-- A party's secret is made anew with each turn; the links that are out already are those of the turn 0.
alter table parties add column link_turn BIGINT not null default 0;
alter table parties add column link_ended BIGINT not null default 0;
update reports set link_ended = 1 where exists (select 1 from journal j where j.about = reports.id and j.verb = 'report.link_revoked');
