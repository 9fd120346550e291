//! Need to know: who sees which case (invariant 4).
//!
//! A restricted case exists for its owner, for the group it names and for nobody else, whatever
//! their role. The same rule stands here twice, as a predicate and as SQL, and nowhere
//! else. A report follows its cases: what is only in cases that a viewer may not know of does not
//! exist for that viewer either.

use std::collections::HashSet;

use store::{Id, Reader, Statement, Tx, Value};

use super::case::{COLUMNS, Case};
use super::store as rows;
use crate::access::Who;
use crate::reports::linked::{self, Brief};
use crate::{Error, Result};

/// Whether this viewer may know of the case.
pub fn may_see(case: &Case, who: &Who) -> bool {
    match who {
        Who::Person(person) if person.role.is_staff() => {
            !case.restricted || case.owner == Some(person.id) || case.group.is_some_and(|group| person.groups.contains(&group))
        }
        Who::Job(_) | Who::Operator => true,
        _ => false,
    }
}

/// Adds the condition that [`may_see`] is, over a table called `c`.
pub fn push_visible(statement: &mut Statement, who: &Who) {
    match who {
        Who::Person(person) if person.role.is_staff() => {
            // Never null: what is neither true nor false would slip through wherever this is negated.
            statement.push("(c.restricted = 0 or (c.owner_id is not null and c.owner_id = ").bind(person.id).push(")");
            if !person.groups.is_empty() {
                statement.push(" or (c.group_id is not null and c.group_id in (").bind_list(person.groups.iter().map(|group| (*group).into())).push("))");
            }
            statement.push(")");
        }
        Who::Job(_) | Who::Operator => {
            statement.push("1 = 1");
        }
        _ => {
            statement.push("1 = 0");
        }
    }
}

/// Adds the condition that a report may be known of: it is in no restricted case, or in a case that
/// the viewer may know of. What was put into a thread of a case is in it, too. `id` is the column of the report's id.
pub fn push_visible_report(statement: &mut Statement, who: &Who, id: &'static str) {
    for (before, of) in [("(not exists (", LINKED), (" and not exists (", PLACED)] {
        statement.push(before).push(of).push(id).push(" and c.restricted = 1)");
    }
    for of in [LINKED, PLACED] {
        statement.push(" or exists (").push(of).push(id).push(" and ");
        push_visible(statement, who);
        statement.push(")");
    }
    statement.push(")");
}

/// The cases that work on a report.
const LINKED: &str = "select 1 from case_reports h join cases c on c.id = h.case_id where h.report_id = ";
/// The cases in whose threads it stands.
const PLACED: &str = "select 1 from messages h join cases c on c.id = h.case_id where h.placed_from = ";

/// Adds the condition that the report or case of the id `x.about` may be known of.
pub fn push_visible_thing(statement: &mut Statement, who: &Who) {
    statement.push("not exists (select 1 from cases c where c.id = x.about and c.restricted = 1 and not ");
    push_visible(statement, who);
    statement.push(") and ");
    push_visible_report(statement, who, "x.about");
}

/// Of these reports, those that this viewer may not know of.
pub async fn hidden_reports(reader: &mut Reader, who: &Who, reports: &[Id]) -> Result<HashSet<Id>> {
    if reports.is_empty() {
        return Ok(HashSet::new());
    }
    let mut statement = Statement::new("select r.id from reports r where r.id in (");
    statement.bind_list(reports.iter().map(|id| (*id).into())).push(") and not ");
    push_visible_report(&mut statement, who, "r.id");
    Ok(reader.select::<(Id,)>(statement).await?.into_iter().map(|(id,)| id).collect())
}

/// Refuses a report that this viewer may not know of: it is not there.
pub async fn may_see_report(reader: &mut Reader, who: &Who, report: Id) -> Result<()> {
    if hidden_reports(reader, who, &[report]).await?.is_empty() { Ok(()) } else { Err(Error::NotFound) }
}

/// The report of that number, if there is one for this viewer: one that they may not know of is not there.
pub async fn report_of_number(reader: &mut Reader, who: &Who, number: &str) -> Result<Option<Brief>> {
    let Some(report) = linked::brief_of_number(reader, number).await? else { return Ok(None) };
    let hidden = hidden_reports(reader, who, &[report.id]).await?;
    Ok(Some(report).filter(|_| hidden.is_empty()))
}

/// The case of that number, if this viewer may know of it.
pub async fn find(reader: &mut Reader, who: &Who, number: &str) -> Result<Case> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where c.number = ").bind(number.trim().to_ascii_uppercase());
    seen(reader, who, statement).await
}

/// The case of that id, if this viewer may know of it.
pub async fn get(reader: &mut Reader, who: &Who, id: Id) -> Result<Case> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where c.id = ").bind(id);
    seen(reader, who, statement).await
}

/// Those of these cases that this viewer may know of, in the order that was asked for.
pub async fn get_all(reader: &mut Reader, who: &Who, ids: &[Id]) -> Result<Vec<Case>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    statement.push("where c.id in (").bind_list(ids.iter().map(|id| (*id).into())).push(")");
    let mut cases: Vec<Case> = reader.select(statement).await?;
    cases.retain(|case| may_see(case, who));
    cases.sort_by_key(|case| ids.iter().position(|id| *id == case.id));
    Ok(cases)
}

/// Holds cases until this change ends: whoever changes one of them at this moment is waited for. Those that share a report
/// with them are held too, since what is done of a report moves when all its cases are due.
///
/// The one order for everybody: cases by their ids, then the party, then reports by their ids. So two never wait for
/// each other, and what is read from here on holds until the commit.
pub(super) async fn hold(tx: &mut Tx, cases: &[Id]) -> Result<()> {
    let ids = || cases.iter().map(Value::from);
    let mut those = Statement::new("select id from cases where id in (select id from cases where id in (");
    those.bind_list(ids()).push(") union all select o.case_id from case_reports r join case_reports o on o.report_id = r.report_id where r.case_id in (");
    those.bind_list(ids()).push("))");
    if cases.is_empty() { Ok(()) } else { Ok(tx.hold_those(those).await?) }
}

/// Holds the cases of a report and these besides, and then the report, for a change that touches both.
pub async fn hold_of_report_in(tx: &mut Tx, report: Id, more: &[Id]) -> Result<()> {
    let cases = rows::cases_of_all(tx, &[report]).await?;
    hold(tx, &[&cases, more].concat()).await?;
    Ok(tx.hold("reports", report).await?)
}

/// [`get`] for a change: whoever changes the case at this moment is waited for, and nobody does until this change ends.
pub async fn held(tx: &mut Tx, who: &Who, id: Id) -> Result<Case> {
    hold(tx, &[id]).await?;
    get(tx, who, id).await
}

/// [`held`] for a case that is still worked on by its own number: what was merged away is a conflict.
pub(super) async fn here(tx: &mut Tx, who: &Who, id: Id) -> Result<Case> {
    let case = held(tx, who, id).await?;
    if case.merged_into.is_some() {
        return Err(Error::conflict(format!("{} was merged into another case a moment ago: go on there. Nothing of yours was written here.", case.number)));
    }
    Ok(case)
}

async fn seen(reader: &mut Reader, who: &Who, statement: Statement) -> Result<Case> {
    let case: Option<Case> = reader.select(statement).await?.into_iter().next();
    case.filter(|case| may_see(case, who)).ok_or(Error::NotFound)
}

/// The cases that a report is linked to and this viewer may know of, and how many more there are.
pub async fn of_report(reader: &mut Reader, who: &Who, report: Id) -> Result<(Vec<Case>, usize)> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("join case_reports r on r.case_id = c.id where r.report_id = ").bind(report).push(" order by c.opened_at, c.id");
    let all: Vec<Case> = reader.select(statement).await?;
    let linked = all.len();
    let visible: Vec<Case> = all.into_iter().filter(|case| may_see(case, who)).collect();
    let hidden = linked - visible.len();
    Ok((visible, hidden))
}

/// How many open cases this viewer may see; counted up to 101.
pub async fn count_open(reader: &mut Reader, who: &Who) -> Result<i64> {
    let mut statement = Statement::new("select count(*) from (select 1 as one from cases c where c.state = 'open' and ");
    push_visible(&mut statement, who);
    statement.push(" limit 101) open_cases");
    Ok(reader.select::<(i64,)>(statement).await?.first().map_or(0, |(count,)| *count))
}

/// The selections of events that a case was opened from, as the fields of an address; none for any other case.
pub async fn selections_of(reader: &mut Reader, case: &Case) -> Result<Vec<String>> {
    super::store::selections(reader, case.id).await
}
