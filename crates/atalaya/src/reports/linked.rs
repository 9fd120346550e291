//! A report linked to cases: what `cases` may read of it, and how it follows their states.

use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use store::{FromRow, Id, Reader, Record, Row, Statement, Tx, args};

use crate::Result;

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
            received_at: row.get()?,
            reporter_name: row.get()?,
            reporter_mail: row.get()?,
            reporter_org: row.get()?,
            organisation: row.get()?,
            language: row.get()?,
        })
    }
}

const COLUMNS: &str = "select id, number, title, label, state, scope, kind, received_at, reporter_name, reporter_mail, reporter_org, organisation_id, language \
    from reports ";

/// A report in brief.
pub async fn brief(reader: &mut Reader, id: Id) -> Result<Option<Brief>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The report of that public number.
pub async fn brief_of_number(reader: &mut Reader, number: &str) -> Result<Option<Brief>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where number = ").bind(number.trim().to_ascii_uppercase());
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Holds a report until this change ends. Says whether no case works on it yet.
pub async fn hold_free_in(tx: &mut Tx, id: Id) -> Result<bool> {
    // A row that is written waits for whoever writes it at this moment, and is looked at anew then.
    let held = tx.execute("update reports set updated_at = updated_at where id = $1 and coalesce(disposition, '') <> 'case'", args![id]).await?;
    Ok(held > 0)
}

/// Moves a report to the state that its cases give it. Says whether anything changed.
pub async fn follow_in(tx: &mut Tx, id: Id, state: &'static str, case: Id) -> Result<bool> {
    let now = tx.now();
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
        tx.record(Record::new(verb, "report", id).facts(json!({ "state": state, "case": case })));
    }
    Ok(moved > 0)
}

/// Lets what was seen in one thing stand in another too. Says how many observables that added.
pub async fn copy_sightings_in(tx: &mut Tx, from: Id, to: Id, noun: &'static str) -> Result<u64> {
    Ok(tx
        .execute(
            "insert into sightings (observable_id, about, noun, at) select observable_id, $2, $3, at from sightings where about = $1 \
             on conflict (observable_id, about) do nothing",
            args![from, to, noun],
        )
        .await?)
}

/// An observable as a case's page shows it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Kind.
    pub kind: String,
    /// Value.
    pub value: String,
    /// In how many other reports and cases it stands; counted up to 20.
    pub elsewhere: i64,
}

/// What was seen in a report or case. `visible` adds the condition that the thing of the id `x.about`
/// may be known of, so that a count says nothing about the rest.
pub async fn seen(reader: &mut Reader, about: Id, limit: u32, visible: impl FnOnce(&mut Statement)) -> Result<Vec<Seen>> {
    let mut statement = Statement::new(
        "select o.kind, o.value, (select count(*) from (select 1 as one from sightings x where x.observable_id = s.observable_id and x.about <> s.about and ",
    );
    visible(&mut statement);
    statement.push(" limit 20) others) from sightings s join observables o on o.id = s.observable_id where s.about = ").bind(about);
    statement.push(" order by o.kind, o.value limit ").bind(limit);
    let rows: Vec<(String, String, i64)> = reader.select(statement).await?;
    Ok(rows.into_iter().map(|(kind, value, elsewhere)| Seen { kind, value, elsewhere }).collect())
}

/// How many observables stand in a report or case; counted up to 1001.
pub async fn count_seen(reader: &mut Reader, about: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 as one from sightings where about = $1 limit 1001) seen", args![about]).await?)
}
