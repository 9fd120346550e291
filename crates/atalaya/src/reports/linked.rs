//! A report linked to cases: what `cases` may read of it, and how it follows their states.

use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use store::{FromRow, Id, Reader, Record, Row, Statement, Tx, Value, args};

use super::report::{self, File};
use super::verbs;
use crate::{Result, clocks};

/// What a case needs to know of a report.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Id.
    pub id: Id,
    /// Public number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Label.
    pub label: Tlp,
    /// `new`, `open`, `resolved` or `rejected`.
    pub state: String,
    /// Whether it is the team's to handle: as triage decided.
    pub scope: String,
    /// Kind as the reporter chose it.
    pub kind: String,
    /// How it came: `form`, `mail`, `sealed`, ...
    pub channel: String,
    /// When it came.
    pub received_at: Timestamp,
    /// Reporter, or empty.
    pub reporter_name: String,
    /// Reporter's address, or empty.
    pub reporter_mail: String,
    /// Reporter's organisation as written, or empty.
    pub reporter_org: String,
    /// Reporter's organisation in the registry.
    pub organisation: Option<Id>,
    /// Language tag.
    pub language: String,
    /// What triage found it to be, and how sure it was.
    pub verdict: Option<String>,
    /// `low`, `medium`, `high`.
    pub confidence: Option<String>,
    /// Who looks after it.
    pub owner: Option<Id>,
}

impl FromRow for Brief {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            title: row.get()?,
            // A label that cannot be read counts as the highest, never as none.
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            state: row.get()?,
            scope: row.get()?,
            kind: row.get()?,
            channel: row.get()?,
            received_at: row.get()?,
            reporter_name: row.get()?,
            reporter_mail: row.get()?,
            reporter_org: row.get()?,
            organisation: row.get()?,
            language: row.get()?,
            verdict: row.get()?,
            confidence: row.get()?,
            owner: row.get()?,
        })
    }
}

const COLUMNS: &str = "select id, number, title, label, state, scope, kind, channel, received_at, reporter_name, reporter_mail, reporter_org, organisation_id, language, \
    verdict, confidence, owner_id \
    from reports ";

/// A report in brief.
pub async fn brief(reader: &mut Reader, id: Id) -> Result<Option<Brief>> {
    Ok(briefs(reader, &[id]).await?.into_iter().next())
}

/// The reports of these ids, in the same order.
pub async fn briefs(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Brief>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id in (").bind_list(ids.iter().map(Value::from)).push(")");
    let mut briefs: Vec<Brief> = reader.select(statement).await?;
    briefs.sort_by_key(|brief| ids.iter().position(|id| *id == brief.id));
    Ok(briefs)
}

/// The report of that public number.
pub async fn brief_of_number(reader: &mut Reader, number: &str) -> Result<Option<Brief>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where number = ").bind(number.trim().to_ascii_uppercase());
    Ok(reader.select(statement).await?.into_iter().next())
}

/// What the reports of these cases are marked as: case, urgent, help wanted. Those of which nothing is are not named.
pub async fn marks(reader: &mut Reader, cases: &[Id]) -> Result<Vec<(Id, bool, bool)>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "select l.case_id, max(r.urgent), max(r.help) from case_reports l join reports r on r.id = l.report_id where (r.urgent = 1 or r.help = 1) and l.case_id in (",
    );
    statement.bind_list(cases.iter().map(Value::from)).push(") group by l.case_id");
    Ok(reader.select(statement).await?)
}

/// Holds a report until this change ends. Says whether no case works on it yet.
pub async fn hold_free_in(tx: &mut Tx, id: Id) -> Result<bool> {
    // A row that is written waits for whoever writes it at this moment, and is looked at anew then.
    let held = tx.execute("update reports set updated_at = updated_at where id = $1 and coalesce(disposition, '') <> 'case'", args![id]).await?;
    Ok(held > 0)
}

/// Whoever opened a case from a report that nobody looked after looks after it.
pub async fn take_in(tx: &mut Tx, id: Id, owner: Id) -> Result<()> {
    let now = tx.now();
    let taken = tx
        .execute("update reports set owner_id = $2, updated_at = $3, version = version + 1 where id = $1 and owner_id is null", args![id, owner, now])
        .await?;
    if taken > 0 {
        tx.record(Record::new("report.assigned", "report", id).facts(json!({ "owner": owner, "before": null })));
    }
    Ok(())
}

/// How many letters of a report a case's page shows.
const FIRST_WORDS: usize = 700;

/// What a case's page shows of a report before somebody opens it.
#[derive(Clone, Debug)]
pub struct Glance {
    /// The report.
    pub brief: Brief,
    /// Its first words as they came.
    pub words: String,
    /// Whether there are more.
    pub cut: bool,
    /// What came with it.
    pub files: Vec<File>,
}

/// The reports of these ids the oldest first, each with its first words and its files.
pub async fn glance(reader: &mut Reader, ids: &[Id], limit: usize) -> Result<Vec<Glance>> {
    let ids: Vec<Value> = ids.iter().take(limit).map(Value::from).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id in (").bind_list(ids.iter().cloned()).push(")");
    let mut briefs: Vec<Brief> = reader.select(statement).await?;
    let mut statement = Statement::new("select id, substr(body, 1, 701) from reports where id in (");
    statement.bind_list(ids.iter().cloned()).push(")");
    let bodies: Vec<(Id, String)> = reader.select(statement).await?;
    let files = report::files_that_came(reader, &ids).await?;
    briefs.sort_by_key(|brief| (brief.received_at, brief.id));
    let glance = |brief: Brief| {
        let words = bodies.iter().find(|(id, _)| *id == brief.id).map(|(_, words)| words.as_str()).unwrap_or_default();
        Glance {
            words: words.chars().take(FIRST_WORDS).collect(),
            cut: words.chars().count() > FIRST_WORDS,
            files: files.iter().filter(|(report, _)| *report == brief.id).map(|(_, file)| file.clone()).collect(),
            brief,
        }
    };
    Ok(briefs.into_iter().map(glance).collect())
}

/// What was decided of these reports: `in`, `out`, `unknown`.
pub async fn scopes(reader: &mut Reader, reports: &[Id]) -> Result<Vec<String>> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select distinct scope from reports where id in (");
    statement.bind_list(reports.iter().map(Value::from)).push(")");
    Ok(reader.select::<(String,)>(statement).await?.into_iter().map(|(scope,)| scope).collect())
}

/// Moves a report to the state that its cases give it, and its clocks with it. Says whether anything changed.
pub async fn follow_in(tx: &mut Tx, id: Id, state: &'static str, case: Id) -> Result<bool> {
    let now = tx.now();
    let was: Option<(String, Option<String>)> = tx.row("select state, disposition from reports where id = $1", args![id]).await?;
    let moved = tx
        .execute(
            "update reports set state = $2, disposition = case when $2 = 'new' then null else 'case' end, updated_at = $3, version = version + 1 \
             where id = $1 and (state <> $2 or coalesce(disposition, '') <> case when $2 = 'new' then '' else 'case' end)",
            args![id, state, now],
        )
        .await?;
    if moved > 0 {
        let verb = match state {
            "open" => "report.opened",
            "resolved" => "report.resolved",
            "rejected" => "report.rejected",
            _ => "report.returned",
        };
        // Nobody answers what was none, so no clock runs on for it.
        let facts = match state {
            "rejected" => json!({ "state": state, "case": case, "clocks": clocks::give_up(tx, id, "abandoned").await? }),
            _ => json!({ "state": state, "case": case }),
        };
        tx.record(Record::new(verb, "report", id).facts(facts));
        // Put aside before and taken up now: what was promised its reporter counts again.
        match was.as_ref().map(|(state, disposition)| (state.as_str(), disposition.as_deref())) {
            Some(("rejected", _)) if state != "rejected" => verbs::revive_rejected(tx, id).await?,
            Some((_, Some("referred"))) if state == "open" => clocks::revive(tx, id, |_| true).await?,
            _ => {}
        }
        verbs::refresh_due(tx, id).await?;
        if matches!(state, "resolved" | "rejected") {
            // Nobody closes a case without its reporter hearing of it.
            let version: Option<i64> = tx.value("select version from reports where id = $1", args![id]).await?;
            tx.enqueue("tell_closed", json!({ "report": id, "version": version })).await?;
        }
    }
    Ok(moved > 0)
}
