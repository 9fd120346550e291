//! What a case needs to know of its reports to keep the parties apart: who reported, and what of
//! whom was seen.

use std::collections::HashMap;

use formats::observable::{Kind, Observable};
use jiff::Timestamp;
use store::{FromRow, Id, Line, Reader, Row, Statement, Value};

use crate::Result;

/// A report as its case sees the reporter.
#[derive(Clone, Debug)]
pub struct Reported {
    /// Id.
    pub id: Id,
    /// Public number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Its state.
    pub state: String,
    /// Its label, or empty.
    pub label: String,
    /// Language tag.
    pub language: String,
    /// Name, or empty.
    pub name: String,
    /// Mail address, or empty.
    pub mail: String,
    /// Phone, or empty.
    pub phone: String,
    /// Organisation as written, or empty.
    pub org: String,
    /// Organisation in the registry.
    pub organisation: Option<Id>,
    /// When it came.
    pub received_at: Timestamp,
}

impl Reported {
    /// The key of the text for its state, behind a room's own prefix.
    pub fn state_key(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.state)
    }
}

impl FromRow for Reported {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            title: row.get()?,
            state: row.get()?,
            label: row.get()?,
            language: row.get()?,
            name: row.get()?,
            mail: row.get()?,
            phone: row.get()?,
            org: row.get()?,
            organisation: row.get()?,
            received_at: row.get()?,
        })
    }
}

const REPORTED: &str =
    "select id, number, title, state, label, language, reporter_name, reporter_mail, reporter_phone, reporter_org, organisation_id, received_at from reports ";

/// The reports of these ids.
pub async fn reported(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Reported>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(REPORTED);
    statement.push("where id in (").bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// The titles as they came: the team may have given others since, for its own eyes.
pub async fn given_titles(reader: &mut Reader, reports: &[Id]) -> Result<HashMap<Id, String>> {
    let title = |line: &Line| {
        let told: serde_json::Value = serde_json::from_str(line.particulars.as_deref()?).ok()?;
        Some((line.about, told.get("title")?.as_str()?.to_owned()))
    };
    Ok(reader.journal_firsts(reports, "report.received").await?.iter().filter_map(title).collect())
}

/// The title as it came, unless it was erased.
pub async fn given_title(reader: &mut Reader, report: Id) -> Result<Option<String>> {
    Ok(given_titles(reader, &[report]).await?.remove(&report))
}

/// The newest reports of an organisation.
pub async fn of_organisation(reader: &mut Reader, organisation: Id, limit: u32) -> Result<Vec<Reported>> {
    let mut statement = Statement::new(REPORTED);
    statement.push("where organisation_id = ").bind(organisation).push(" order by id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// One report of an organisation, by its number.
pub async fn one_of_organisation(reader: &mut Reader, organisation: Id, number: &str) -> Result<Option<Reported>> {
    let mut statement = Statement::new(REPORTED);
    statement.push("where number = ").bind(number).push(" and organisation_id = ").bind(organisation);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// An observable of a report or case and one holder of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The report, or the case in which a message named it.
    pub about: Id,
    /// What was seen.
    pub observable: Observable,
    /// Who holds it, if the registry knows.
    pub holder: Option<Id>,
    /// The resource by which it matched; empty without a holder.
    pub resource: String,
    /// Why it matched; empty without a holder.
    pub reason: String,
    /// 0 for the most specific holder.
    pub place: i64,
    /// Whether only a mail named it of which nobody knows yet who wrote it.
    pub doubted: bool,
}

impl FromRow for Seen {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        let about = row.get()?;
        let (kind, value): (String, String) = (row.get()?, row.get()?);
        let kind: Kind = kind.parse().map_err(|_| store::Error::Shape("a kind of observable"))?;
        Ok(Self {
            about,
            observable: Observable { kind, value },
            holder: row.get()?,
            resource: row.get::<Option<String>>()?.unwrap_or_default(),
            reason: row.get::<Option<String>>()?.unwrap_or_default(),
            place: row.get::<Option<i64>>()?.unwrap_or(0),
            doubted: row.get()?,
        })
    }
}

const SEEN: &str = "select s.about, o.kind, o.value, m.organisation_id, m.resource, m.reason, m.place, \
                    case when exists (select 1 from messages d where d.id = s.message_id and d.state in ('doubted', 'refused')) then 1 else 0 end \
                    from sightings s join observables o on o.id = s.observable_id \
                    left join matches m on m.about = s.about and m.observable_id = o.id where s.about in (";

/// What was seen in these reports, once for each holder.
pub async fn seen(reader: &mut Reader, reports: &[Id]) -> Result<Vec<Seen>> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(SEEN);
    statement.bind_list(reports.iter().map(Value::from)).push(") order by s.about, o.kind, o.value, m.place");
    Ok(reader.select(statement).await?)
}

/// What the messages of a case named that none of its reports had named before, once for each holder.
pub async fn seen_in_messages(reader: &mut Reader, case: Id) -> Result<Vec<Seen>> {
    let mut statement = Statement::new(SEEN);
    statement.bind(case).push(") and s.message_id is not null order by s.about, o.kind, o.value, m.place");
    Ok(reader.select(statement).await?)
}
