//! Clocks and tasks with what they belong to, in SQL.

use jiff::Timestamp;
use store::{FromRow, Reader, Result, Row, Statement};

use super::Due;
use crate::access::Who;
use crate::cases::{push_visible, push_visible_report};
use crate::sealed;

impl FromRow for Due {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            clock: row.get()?,
            what: row.get()?,
            due_at: row.get()?,
            state: row.get()?,
            number: row.get::<Option<String>>()?.unwrap_or_default(),
            title: row.get::<Option<String>>()?.unwrap_or_default(),
            owner: row.get::<Option<String>>()?.unwrap_or_default(),
        })
    }
}

pub async fn count_clocks(reader: &mut Reader, who: &Who, until: Timestamp) -> Result<i64> {
    let mut statement = Statement::new(
        "select count(*) from (select 1 as one from clocks k left join cases c on c.id = k.about left join sealed_dialogues s on s.id = k.about where k.state = 'running' and k.due_at <= ",
    );
    statement.bind(until).push(" and (c.id is null or ");
    push_visible(&mut statement, who);
    statement.push(") and ");
    push_visible_report(&mut statement, who, "k.about");
    statement.push(" and ");
    sealed::push_known(&mut statement, who, "s.intake");
    statement.push(" limit 101) due");
    let rows: Vec<(i64,)> = reader.select(statement).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

pub async fn clocks(reader: &mut Reader, who: &Who, mine: bool) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    for state in ["running", "paused"] {
        let mut statement = Statement::new(
            "select k.id, k.promise, k.due_at, k.state, coalesce(c.number, r.number, s.number), coalesce(c.title, r.title), p.name from clocks k \
             left join cases c on c.id = k.about left join reports r on r.id = k.about left join sealed_dialogues s on s.id = k.about left join people p on p.id = ",
        );
        push_owner(&mut statement, who);
        statement.push(" where k.state = ").bind(state).push(" and (c.id is null or ");
        push_visible(&mut statement, who);
        statement.push(") and ");
        push_visible_report(&mut statement, who, "k.about");
        statement.push(" and ");
        sealed::push_known(&mut statement, who, "s.intake");
        if mine && let Some(person) = who.person() {
            statement.push(" and ");
            push_owner(&mut statement, who);
            statement.push(" = ").bind(person.id);
        }
        statement.push(" order by k.due_at limit 200");
        out.extend(reader.select(statement).await?);
    }
    Ok(out)
}

pub async fn tasks(reader: &mut Reader, who: &Who, mine: bool) -> Result<Vec<Due>> {
    let mut statement = Statement::new(
        "select cast(null as BYTEA), t.title, t.due_at, t.state, c.number, c.title, p.name from tasks t join cases c on c.id = t.case_id \
         left join people p on p.id = t.owner_id where t.state = 'open' and t.due_at is not null and c.state = 'open' and ",
    );
    push_visible(&mut statement, who);
    if mine && let Some(person) = who.person() {
        statement.push(" and t.owner_id = ").bind(person.id);
    }
    statement.push(" order by t.due_at limit 200");
    reader.select(statement).await
}

/// Substantive answers that failed or bounced since an instant, unless a later one went out: their
/// clocks stand as kept, and nobody has read them.
pub async fn undelivered(reader: &mut Reader, who: &Who, mine: bool, since: Timestamp) -> Result<Vec<Due>> {
    let mut statement = Statement::new(
        "select cast(null as BYTEA), m.subject, m.at, m.state, coalesce(c.number, r.number), coalesce(c.title, r.title), p.name from messages m \
         left join cases c on c.id = m.case_id left join reports r on r.id = m.report_id left join people p on p.id = coalesce(c.owner_id, r.owner_id) \
         where m.substantive = 1 and m.state in ('failed', 'bounced') and m.at >= ",
    );
    statement.bind(since).push(" and (c.id is null or ");
    push_visible(&mut statement, who);
    statement.push(
        ") and not exists (select 1 from messages n where n.party_id = m.party_id and n.at > m.at and n.substantive = 1 and n.state = 'released') \
         and not exists (select 1 from messages n where n.report_id = m.report_id and n.at > m.at and n.substantive = 1 and n.state = 'released') and ",
    );
    push_visible_report(&mut statement, who, "m.report_id");
    if mine && let Some(person) = who.person() {
        statement.push(" and coalesce(c.owner_id, r.owner_id) = ").bind(person.id);
    }
    statement.push(" order by m.at limit 200");
    reader.select(statement).await
}

/// What was written after the end of cases, and waits for somebody to say whether work goes on. That is little: the cross
/// join begins with it.
pub async fn asked(reader: &mut Reader, who: &Who, mine: bool) -> Result<Vec<Due>> {
    let mut statement = Statement::new(
        "select cast(null as BYTEA), a.name, a.asked_at, 'asked', c.number, c.title, p.name from parties a cross join cases c \
         left join people p on p.id = c.owner_id where c.id = a.case_id and a.asked_at is not null and c.state <> 'open' and ",
    );
    push_visible(&mut statement, who);
    if mine && let Some(person) = who.person() {
        statement.push(" and c.owner_id = ").bind(person.id);
    }
    statement.push(" order by a.asked_at limit 200");
    reader.select(statement).await
}

/// The cross join begins with the cases of the report: a planner that thinks open cases few would look through all of them.
/// Whose a clock is: the owner's of its case, of the open case that its report became, or else of the report.
fn push_owner(statement: &mut Statement, who: &Who) {
    statement.push(
        "coalesce(c.owner_id, (select c.owner_id from case_reports cr cross join cases c where c.id = cr.case_id and cr.report_id = k.about and c.state = 'open' and ",
    );
    push_visible(statement, who);
    statement.push(" order by c.opened_at, c.id limit 1), r.owner_id, s.owner_id)");
}
