//! The rows of a case. Private to the room: others call verbs.

use jiff::Timestamp;
use store::{Id, Reader, Statement, Tx, Value, args};

use super::case::{COLUMNS, Case};
use crate::{Error, Result};

/// The case, whoever asks.
pub(super) async fn load(reader: &mut Reader, id: Id) -> Result<Case> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where c.id = ").bind(id);
    reader.select(statement).await?.into_iter().next().ok_or(Error::NotFound)
}

/// What is written of a case, new or not, from its kind to the waiver of its end.
fn written(case: &Case) -> Vec<Value> {
    let c = case.clone();
    args![
        c.kind,
        c.title,
        c.summary,
        c.label.as_str(),
        c.state,
        c.phase,
        c.verdict,
        c.confidence,
        c.rsit_class,
        c.rsit_type,
        c.subtype,
        c.severity,
        c.severity_rule,
        c.severity_reason,
        c.owner,
        c.group,
        c.restricted,
        c.occurred_at,
        c.detected_at,
        c.reported_at,
        c.responded_at,
        c.contained_at,
        c.recovered_at,
        c.times_reason,
        c.cause,
        c.cause_cve,
        c.outcome,
        c.outcome_reason,
        c.waiver_by,
        c.waiver_reason
    ]
}

pub(super) async fn insert(tx: &mut Tx, case: &Case) -> Result<()> {
    let (head, c) = (args![case.id, &case.number], case);
    let tail = args![c.merged_into, c.split_from, c.due_at, c.opened_at, c.closed_at, c.updated_at, c.version];
    let values = [head, written(case), tail].concat();
    tx.execute(
        "insert into cases (id, number, kind, title, summary, label, state, phase, verdict, confidence, rsit_class, rsit_type, subtype, severity, \
         severity_rule, severity_reason, owner_id, group_id, restricted, occurred_at, detected_at, reported_at, responded_at, contained_at, recovered_at, \
         times_reason, cause, cause_cve, outcome, outcome_reason, waiver_by, waiver_reason, merged_into, split_from, due_at, opened_at, closed_at, \
         updated_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, \
         $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39)",
        values,
    )
    .await?;
    Ok(())
}

/// Notes the selection of events that a case was opened from.
pub(super) async fn insert_selection(tx: &mut Tx, case: Id, search: &str) -> Result<()> {
    tx.execute("insert into case_selections (case_id, search) values ($1, $2)", args![case, search]).await?;
    Ok(())
}

/// The selections of events that a case was opened from, with those of what was merged into it.
pub(super) async fn selections(reader: &mut Reader, case: Id) -> Result<Vec<String>> {
    let text = "select search from case_selections where case_id in (select id from cases where id = $1 or merged_into = $1) order by case_id limit 20";
    let rows: Vec<(String,)> = reader.rows(text, args![case]).await?;
    Ok(rows.into_iter().map(|(search,)| search).collect())
}

/// Writes the fields back and counts the version up; what is due has its own verb, [`set_due`]. Somebody faster is a conflict.
pub(super) async fn save(tx: &mut Tx, case: &mut Case) -> Result<()> {
    case.updated_at = tx.now();
    let tail = args![case.merged_into, case.closed_at, case.updated_at, case.opened_at];
    let values = [args![case.id, case.version], written(case), tail].concat();
    let touched = tx
        .execute(
            "update cases set kind = $3, title = $4, summary = $5, label = $6, state = $7, phase = $8, verdict = $9, confidence = $10, rsit_class = $11, \
             rsit_type = $12, subtype = $13, severity = $14, severity_rule = $15, severity_reason = $16, owner_id = $17, group_id = $18, restricted = $19, \
             occurred_at = $20, detected_at = $21, reported_at = $22, responded_at = $23, contained_at = $24, recovered_at = $25, times_reason = $26, \
             cause = $27, cause_cve = $28, outcome = $29, outcome_reason = $30, waiver_by = $31, waiver_reason = $32, merged_into = $33, closed_at = $34, \
             updated_at = $35, opened_at = $36, version = version + 1 where id = $1 and version = $2",
            values,
        )
        .await?;
    if touched == 0 {
        return Err(Error::conflict("Somebody else changed this case at the same moment. Nothing of yours was written: look again and repeat it."));
    }
    case.version += 1;
    Ok(())
}

/// Role and status of the parties whose organisation is in the registry.
pub(super) async fn engaged(reader: &mut Reader, case: Id) -> Result<Vec<(String, String)>> {
    let text = "select p.role, o.status from parties p join organisations o on o.id = p.organisation_id where p.case_id = $1 limit 1000";
    Ok(reader.rows(text, args![case]).await?)
}

/// What was merged into a case holds the same secrets as the case.
pub(super) async fn share_secrecy(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.execute(
        "update cases set restricted = $2, group_id = $3, owner_id = $4 where merged_into = $1",
        args![case.id, case.restricted, case.group, case.owner],
    )
    .await?;
    Ok(())
}

pub(super) async fn link(tx: &mut Tx, case: Id, report: Id) -> Result<bool> {
    let now = tx.now();
    let added = tx
        .execute("insert into case_reports (case_id, report_id, at) values ($1, $2, $3) on conflict (case_id, report_id) do nothing", args![case, report, now])
        .await?;
    Ok(added > 0)
}

pub(super) async fn unlink(tx: &mut Tx, case: Id, report: Id) -> Result<bool> {
    Ok(tx.execute("delete from case_reports where case_id = $1 and report_id = $2", args![case, report]).await? > 0)
}

/// The reports of a case, oldest link first.
pub(super) async fn reports(reader: &mut Reader, case: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = reader.rows("select report_id from case_reports where case_id = $1 order by at, report_id", args![case]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The cases of a report with their states, whoever asks.
pub(super) async fn cases_of(reader: &mut Reader, report: Id) -> Result<Vec<(Id, String)>> {
    Ok(reader.rows("select c.id, c.state from case_reports r join cases c on c.id = r.case_id where r.report_id = $1 order by c.id", args![report]).await?)
}

/// The cases of all these reports, whoever asks.
pub(super) async fn cases_of_all(reader: &mut Reader, reports: &[Id]) -> Result<Vec<Id>> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select case_id from case_reports where report_id in (");
    statement.bind_list(reports.iter().map(Value::from)).push(")");
    let mut cases: Vec<Id> = reader.select::<(Id,)>(statement).await?.into_iter().map(|(case,)| case).collect();
    cases.sort_unstable();
    cases.dedup();
    Ok(cases)
}

/// Something happened in the case that is no edit of its fields.
pub(super) async fn touch(tx: &mut Tx, case: Id) -> Result<()> {
    let now = tx.now();
    tx.execute("update cases set updated_at = $2 where id = $1", args![case, now]).await?;
    Ok(())
}

pub(super) async fn set_due(tx: &mut Tx, case: Id, due: Option<Timestamp>) -> Result<()> {
    tx.execute("update cases set due_at = $2 where id = $1", args![case, due]).await?;
    Ok(())
}

/// When the first open task is due.
pub(super) async fn first_task_due(reader: &mut Reader, case: Id) -> Result<Option<Timestamp>> {
    let rows: Vec<(Option<Timestamp>,)> = reader.rows("select min(due_at) from tasks where case_id = $1 and state = 'open'", args![case]).await?;
    Ok(rows.into_iter().next().and_then(|(due,)| due))
}
