//! Reports by what they speak of, for search: many at once, each a line.

use ::store::{FromRow, Id, Reader, Row, Statement, Value};
use formats::observable::Observable;
use jiff::Timestamp;

use crate::Result;

/// A report as one line of a list of found things.
#[derive(Clone, Debug)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Public number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: String,
    /// Channel.
    pub channel: String,
    /// State.
    pub state: String,
    /// When it came.
    pub received_at: Timestamp,
    /// Reporter: name or address, or empty.
    pub reporter: String,
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let mut line = Self {
            id: row.get()?,
            number: row.get()?,
            title: row.get()?,
            kind: row.get()?,
            channel: row.get()?,
            state: row.get()?,
            received_at: row.get()?,
            reporter: row.get()?,
        };
        let mail: String = row.get()?;
        if line.reporter.is_empty() {
            line.reporter = mail;
        }
        Ok(line)
    }
}

/// The lines of these reports, in no order; what is no report is left out.
pub async fn lines(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Line>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, number, title, kind, channel, state, received_at, reporter_name, reporter_mail from reports where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// Which of these observables any report or case speaks of: id, kind, value.
pub async fn sighted(reader: &mut Reader, wanted: &[Observable]) -> Result<Vec<(Id, String, String)>> {
    let mut found = Vec::new();
    for kind in formats::observable::Kind::ALL {
        let values: Vec<Value> = wanted.iter().filter(|one| one.kind == kind).map(|one| Value::from(&one.value)).collect();
        if values.is_empty() {
            continue;
        }
        let mut statement = Statement::new("select id, kind, value from observables where kind = ");
        statement.bind(kind.as_str()).push(" and value in (").bind_list(values).push(")");
        found.extend(reader.select::<(Id, String, String)>(statement).await?);
    }
    Ok(found)
}

/// Where an observable stands, the newest first: `report` or `case`, its id, and when. `before` is the key of a
/// row: a mail that opens a report and its case, or an import, leaves many of one instant.
pub async fn seen_in(reader: &mut Reader, observable: Id, before: Option<(Timestamp, Id)>, limit: u32) -> Result<Vec<(String, Id, Timestamp)>> {
    let mut statement = Statement::new("select noun, about, at from sightings where observable_id = ");
    statement.bind(observable);
    if let Some((at, about)) = before {
        statement.push(" and at <= ").bind(at).push(" and (at < ").bind(at).push(" or about < ").bind(about).push(")");
    }
    statement.push(" order by at desc, about desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// In which of these reports and cases one of these observables was seen.
pub async fn seen_among(reader: &mut Reader, observables: &[Id], about: &[Id]) -> Result<Vec<Id>> {
    if observables.is_empty() || about.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select distinct about from sightings where about in (");
    statement.bind_list(about.iter().map(Value::from)).push(") and observable_id in (").bind_list(observables.iter().map(Value::from)).push(")");
    Ok(reader.select::<(Id,)>(statement).await?.into_iter().map(|(id,)| id).collect())
}
