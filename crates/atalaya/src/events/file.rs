//! An event file: what a feed delivered at one time, kept byte for byte, and what became of it.

use ::store::{Id, Reader, Record, Statement};
use jiff::Timestamp;
use serde_json::json;
use vault::blob::Hash;

use super::{feed, lake, notices, read, store};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency::days;
use crate::{App, Error, Result};

/// An event file.
#[derive(Clone, Debug, PartialEq)]
pub struct EventFile {
    /// Id.
    pub id: Id,
    /// Its number, which each of its events carries.
    pub number: i64,
    /// SHA-256 of its bytes, by which it is kept.
    pub sha256: Hash,
    /// The feed.
    pub feed: Id,
    /// Its name as it was delivered, made safe.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// `api`, `folder`, `mail`, `command`, `console`, `correction`.
    pub via: String,
    /// When it came.
    pub received_at: Timestamp,
    /// `received`, `reading`, `stored`, `held`, `failed`, `dropped`.
    pub state: String,
    /// The report type that it was read as; empty while that is not known.
    pub kind: String,
    /// The version of the mapping.
    pub mapping_version: i64,
    /// The version of the registry that its events were matched with.
    pub registry_version: i64,
    /// Events that are new in the lake.
    pub stored: i64,
    /// Events that were known.
    pub duplicate: i64,
    /// Lines that are no events.
    pub rejected: i64,
    /// Of the stored ones those that nobody holds.
    pub unmatched: i64,
    /// Why it is held or failed; empty when all is well.
    pub alarm: String,
    /// The line that names its columns; empty where there is none.
    pub header: String,
    /// The file whose lines it corrects.
    pub mends: Option<Id>,
    /// When it was read to its end.
    pub read_at: Option<Timestamp>,
    /// When its original was let go by its age.
    pub let_go_at: Option<Timestamp>,
    /// As which report type somebody said that it is to be read; empty for what its name, its columns or its feed say.
    pub said_kind: String,
    /// Counts the changes.
    pub version: i64,
}

/// What a state means, in a word or two.
pub fn text_of_state(state: &str) -> &'static str {
    match state {
        "received" => "waits to be read",
        "reading" => "is being read",
        "stored" => "stored",
        "held" => "held",
        "failed" => "failed",
        "dropped" => "dropped",
        _ => "unknown",
    }
}

/// Which files a list shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Of this feed only.
    pub feed: Option<Id>,
    /// Held and failed ones only.
    pub alarms: bool,
    /// Older than this number.
    pub before: Option<i64>,
    /// So many.
    pub limit: u32,
}

/// The list's statement, the newest first, for the list and for the test that it does not sort.
pub fn list_statement(asked: &Asked) -> Statement {
    store::files_statement(asked)
}

/// Files, the newest first.
pub async fn list(reader: &mut Reader, who: &Who, asked: &Asked) -> Result<Vec<EventFile>> {
    require(who, Verb::See, Noun::Event)?;
    Ok(reader.select(list_statement(asked)).await?)
}

/// The newest file of a feed.
pub async fn newest(reader: &mut Reader, feed: Id) -> Result<Option<EventFile>> {
    let asked = Asked { feed: Some(feed), limit: 1, ..Asked::default() };
    Ok(reader.select(list_statement(&asked)).await?.into_iter().next())
}

/// The file of this number.
pub async fn file(reader: &mut Reader, who: &Who, number: i64) -> Result<EventFile> {
    require(who, Verb::See, Noun::Event)?;
    store::file_numbered(reader, number).await?.ok_or(Error::NotFound)
}

/// The number of a file.
pub async fn number_of(reader: &mut Reader, id: Option<Id>) -> Result<Option<i64>> {
    match id {
        Some(id) => Ok(store::file(reader, id).await?.map(|one| one.number)),
        None => Ok(None),
    }
}

/// The file of a feed with these bytes.
pub async fn file_of_feed(reader: &mut Reader, feed: Id, sha256: Hash) -> Result<EventFile> {
    store::file_of(reader, sha256).await?.filter(|one| one.feed == feed).ok_or(Error::NotFound)
}

/// How many things want to be looked at: a table that is not where it should be, files that are held or failed, feeds that are silent, organisations that
/// cannot be told what they should be, and what members call wrong.
pub async fn count_alarms(reader: &mut Reader, who: &Who) -> Result<i64> {
    require(who, Verb::See, Noun::Event)?;
    let now = reader.now();
    let silent = feed::list(reader).await?.into_iter().filter(|feed| feed.is_silent(now)).count();
    let trouble = i64::from(store::trouble(reader).await?.is_some());
    let held = trouble + notices::count_held(reader, who).await? + notices::count_claims(reader, who).await?;
    Ok(store::count_alarms(reader).await? + held + i64::try_from(silent).unwrap_or(i64::MAX))
}

/// Lets a file that is held or failed be read again: its feed's settings are other ones now, or somebody says of what
/// report type it is. `kind`: empty for what its name, its columns or its feed say.
pub async fn read_again(app: &App, who: &Who, number: i64, kind: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    let kind = kind.trim();
    let known = store::file_numbered(&mut app.db.read().await?, number).await?.ok_or(Error::NotFound)?;
    if !kind.is_empty() && known.mends.is_some() {
        return Err(Error::conflict(format!("File {number} corrects lines of another, and is read as that one.")));
    }
    if !kind.is_empty() && lake::has(app, &known).await? {
        return Err(Error::conflict(format!("The events of file {number} are stored already: let it be read again without a type, and it is settled.")));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let one = store::file_numbered(tx, number).await?.ok_or(Error::NotFound)?;
            if !matches!(one.state.as_str(), "held" | "failed" | "dropped") {
                return Err(Error::conflict(format!("File {number} {}: nothing is to be done again.", text_of_state(&one.state))));
            }
            if one.let_go_at.is_some() {
                return Err(Error::conflict(format!("The original of file {number} was let go: it cannot be read again.")));
            }
            if !kind.is_empty() && feed::get(tx, one.feed).await?.tables()?.get(kind).is_none() {
                return Err(Error::invalid(format!("“{kind}” is no report type that is known here: choose one of the list, or add a mapping to the feed")));
            }
            store::say_kind(tx, one.id, kind).await?;
            store::set_file_state(tx, one.id, "received", "").await?;
            read::enqueue(tx, one.id).await?;
            tx.record(Record::new("event_file.read_again", "event_file", one.id).facts(json!({ "number": number, "was": one.state, "as": kind })));
            Ok(())
        })
        .await
}

/// The bytes of a file as they came.
pub async fn original(reader: &mut Reader, app: &App, one: &EventFile) -> Result<Box<dyn std::io::Read + Send>> {
    match one.let_go_at {
        Some(at) => Err(Error::conflict(format!("The original of file {} was let go on {}, by its age.", one.number, days::day(at)))),
        None => Ok(app.blobs.open_stream(reader, one.sha256).await?),
    }
}

/// Wants nothing of a file that is held or failed. Its bytes stay. One whose events are stored already, because we failed
/// after that, is read again and not dropped: nobody would ever be told of them.
pub async fn drop_file(app: &App, who: &Who, number: i64, reason: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("Say why nothing of this file is wanted"));
    }
    let known = store::file_numbered(&mut app.db.read().await?, number).await?.ok_or(Error::NotFound)?;
    if lake::has(app, &known).await? {
        return Err(Error::conflict(format!("The events of file {number} are stored already: let it be read again, and it is settled.")));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let one = store::file_numbered(tx, number).await?.ok_or(Error::NotFound)?;
            if !matches!(one.state.as_str(), "held" | "failed") {
                return Err(Error::conflict(format!("File {number} {}: it cannot be dropped.", text_of_state(&one.state))));
            }
            store::set_file_state(tx, one.id, "dropped", reason).await?;
            notices::go_on(tx).await?;
            tx.record(
                Record::new("event_file.dropped", "event_file", one.id)
                    .facts(json!({ "number": number }))
                    .particulars(json!({ "reason": reason, "name": one.name })),
            );
            Ok(())
        })
        .await
}
