//! Cases by their ids, many at once, for lists of found things. Who may not know of one does not
//! get it here either.

use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Value};

use super::see;
use crate::Result;
use crate::access::Who;

/// A case as one line of a list of found things.
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
    /// State.
    pub state: String,
    /// Severity.
    pub severity: String,
    /// Who has it.
    pub owner: Option<Id>,
    /// The case that it lives on in.
    pub merged_into: Option<Id>,
    /// When anything last happened in it.
    pub updated_at: Timestamp,
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            title: row.get()?,
            kind: row.get()?,
            state: row.get()?,
            severity: row.get()?,
            owner: row.get()?,
            merged_into: row.get()?,
            updated_at: row.get()?,
        })
    }
}

/// The lines of those of these cases that this viewer may know of, in no order.
pub async fn lines(reader: &mut Reader, who: &Who, ids: &[Id]) -> Result<Vec<Line>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("select c.id, c.number, c.title, c.kind, c.state, c.severity, c.owner_id, c.merged_into, c.updated_at from cases c where c.id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(") and ");
    see::push_visible(&mut statement, who);
    Ok(reader.select(statement).await?)
}

/// Parties by id, for what search found of them: id, name, role, in no order.
pub async fn parties(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, name, role from parties where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}
