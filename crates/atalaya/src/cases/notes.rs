//! Private notes: words that never leave the team.

use jiff::Timestamp;
use serde_json::json;
use store::{FromRow, Id, Reader, Record, Row, Statement, args};

use super::{lives_in, see, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, once};

/// A note.
#[derive(Clone, Debug)]
pub struct Note {
    /// Id.
    pub id: Id,
    /// The case.
    pub about: Id,
    /// The words.
    pub body: String,
    /// Who wrote it last.
    pub by: Id,
    /// When.
    pub at: Timestamp,
    /// Counts its edits.
    pub version: i64,
}

impl FromRow for Note {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self { id: row.get()?, about: row.get()?, body: row.get()?, by: row.get()?, at: row.get()?, version: row.get()? })
    }
}

const COLUMNS: &str = "select id, about, body, by_whom, at, version from notes ";

/// The notes of a case, oldest first.
pub async fn notes(reader: &mut Reader, case: Id) -> Result<Vec<Note>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where about = ").bind(case).push(" order by at desc limit 500");
    let mut notes: Vec<Note> = reader.select(statement).await?;
    notes.reverse();
    Ok(notes)
}

/// A note of a case that this viewer may know of.
pub async fn note(reader: &mut Reader, who: &Who, id: Id) -> Result<Note> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    let note: Note = reader.select(statement).await?.into_iter().next().ok_or(Error::NotFound)?;
    see::get(reader, who, note.about).await?;
    Ok(note)
}

/// Writes a note.
pub async fn add_note(app: &App, who: &Who, case: Id, body: &str) -> Result<Id> {
    require(who, Verb::Change, Noun::Case)?;
    let Some(person) = who.person().map(|person| person.id) else { return Err(Error::NotFound) };
    app.db
        .change(&who.to_string(), async |tx| {
            see::held(tx, who, case).await?;
            // Merged while the note was typed: it stands where the case lives on.
            let case = lives_in(tx, case).await?;
            if body.trim().is_empty() {
                return Err(Error::invalid("Write something first"));
            }
            // With another note after it, the same words are said again.
            let newest: Option<Id> = tx.value("select id from notes where about = $1 order by at desc limit 1", args![case.id]).await?;
            if let Some(there) = once::made(tx, who).await?.filter(|made| newest == Some(*made)) {
                return Ok(there);
            }
            let (id, now) = (tx.new_id(), tx.now());
            tx.execute("insert into notes (id, about, body, by_whom, at, version) values ($1, $2, $3, $4, $5, 1)", args![id, case.id, body, person, now])
                .await?;
            tx.index("note", id, case.id, "", body).await?;
            tx.record(Record::new("note.added", "note", id).about(case.id).particulars(json!({ "body": body })));
            rows::touch(tx, case.id).await?;
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// Rewrites a note. If somebody else did so first, their version comes back and nothing is written.
pub async fn edit_note(app: &App, who: &Who, id: Id, version: i64, body: &str) -> Result<Option<Note>> {
    require(who, Verb::Change, Noun::Case)?;
    let Some(person) = who.person().map(|person| person.id) else { return Err(Error::NotFound) };
    app.db
        .change(&who.to_string(), async |tx| {
            let was = note(tx, who, id).await?;
            if was.version != version {
                return Ok(Some(was));
            }
            if body.trim().is_empty() {
                return Err(Error::invalid("Write something first"));
            }
            let now = tx.now();
            let touched = tx
                .execute(
                    "update notes set body = $3, by_whom = $4, at = $5, version = version + 1 where id = $1 and version = $2",
                    args![id, version, body, person, now],
                )
                .await?;
            if touched == 0 {
                return Ok(Some(note(tx, who, id).await?));
            }
            tx.index("note", id, was.about, "", body).await?;
            tx.record(
                Record::new("note.edited", "note", id)
                    .about(was.about)
                    .facts(json!({ "version": version + 1 }))
                    .particulars(json!({ "body": body, "was": was.body })),
            );
            rows::touch(tx, was.about).await?;
            Ok(None)
        })
        .await
}
