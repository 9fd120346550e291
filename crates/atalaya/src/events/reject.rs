//! Lines that are no events: each waits to be mended or dropped.
//!
//! A line is mended by writing it anew: the header of its file and the new lines become a file of their
//! own, which goes the same way as any other. So there is one way in, and the correction is kept, too.

use ::store::{FromRow, Id, Reader, Record, Row, Statement};
use jiff::Timestamp;
use serde_json::json;

use super::arrive::{Arriving, Receipt, keep_in};
use super::{feed, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// The most lines that are mended or dropped at once.
pub const AT_ONCE: usize = 500;

/// A line that is no event.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// Id.
    pub id: Id,
    /// The file's number.
    pub file: i64,
    /// The file's name.
    pub file_name: String,
    /// The feed's name.
    pub feed: String,
    /// Where it stands, from 1.
    pub line: i64,
    /// The column at fault, if it is one.
    pub column: String,
    /// The code of the reason.
    pub reason: String,
    /// The line, as far as it is kept.
    pub bytes: Vec<u8>,
    /// `open`, `corrected`, `dropped`.
    pub state: String,
    /// Why it was dropped.
    pub note: String,
    /// When it was found, or settled.
    pub at: Timestamp,
}

impl FromRow for Reject {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            file: row.get()?,
            file_name: row.get()?,
            feed: row.get()?,
            line: row.get()?,
            column: row.get()?,
            reason: row.get()?,
            bytes: row.get()?,
            state: row.get()?,
            note: row.get()?,
            at: row.get()?,
        })
    }
}

impl Reject {
    /// The line as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The reason as a sentence.
    pub fn why(&self) -> String {
        formats::feed::Reason::from_code(&self.reason).map_or_else(|| self.reason.clone(), |reason| reason.to_string())
    }
}

/// Which lines a list shows: open ones, the newest first.
#[derive(Clone, Debug, Default)]
pub struct WantedRejects {
    /// Of this feed only.
    pub feed: Option<Id>,
    /// Of this file only, in the order of its lines, whatever their state.
    pub file: Option<Id>,
    /// Behind this one.
    pub before: Option<(Timestamp, Id)>,
    /// Behind this line of the file.
    pub after: i64,
    /// So many.
    pub limit: u32,
}

/// The list's statement, for the list and for the test that it does not sort.
pub fn rejects_statement(wanted: &WantedRejects) -> Statement {
    store::rejects_statement(wanted)
}

/// Lines that are no events.
pub async fn rejected(reader: &mut Reader, who: &Who, wanted: &WantedRejects) -> Result<Vec<Reject>> {
    require(who, Verb::See, Noun::Event)?;
    Ok(reader.select(rejects_statement(wanted)).await?)
}

/// Mends lines of one file: each id with the line as it should read. They come in as a file of their own.
pub async fn correct(app: &App, who: &Who, lines: Vec<(Id, String)>) -> Result<Receipt> {
    require(who, Verb::Change, Noun::Event)?;
    if lines.is_empty() || lines.len() > AT_ONCE {
        return Err(Error::invalid(format!("Choose lines to mend, up to {AT_ONCE}")));
    }
    let ids: Vec<Id> = lines.iter().map(|(id, _)| *id).collect();
    let mut reader = app.db.read().await?;
    let open = store::open_rejects(&mut reader, &ids).await?;
    let file = match open.first() {
        Some((_, file)) if open.len() == ids.len() && open.iter().all(|(_, other)| other == file) => *file,
        Some(_) if open.len() == ids.len() => return Err(Error::invalid("Mend the lines of one file at a time")),
        _ => return Err(Error::conflict("Somebody else has mended or dropped some of these lines meanwhile: look again.")),
    };
    let of = store::file(&mut reader, file).await?.ok_or(Error::NotFound)?;
    let feed = feed::get(&mut reader, of.feed).await?;
    drop(reader);
    let mut text = of.header.clone();
    for (_, line) in &lines {
        let line = line.trim_end_matches(['\r', '\n']);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(line);
    }
    text.push('\n');
    let name = format!("{}.mended-{}", of.name.trim_end_matches(".csv"), of.number);
    let mut arriving = Arriving::new(&app.blobs, app.profile.events.max_file_bytes);
    arriving.push(text.as_bytes())?;
    let pieces = arriving.finish(&name)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut receipts = keep_in(tx, &feed, pieces, "correction", Some(file)).await?;
            let receipt = receipts.pop().ok_or_else(|| Error::fault("a correction without a file"))?;
            if !receipt.new {
                return Err(Error::conflict("These lines were handed in before, just like this: nothing would change."));
            }
            for id in &ids {
                if !store::settle_reject(tx, *id, "corrected", Some(receipt.file.id), "", &who.to_string()).await? {
                    return Err(Error::conflict("Somebody else has mended or dropped one of these lines meanwhile: look again."));
                }
            }
            let facts = json!({ "file": of.number, "lines": ids.len(), "in": receipt.file.number });
            tx.record(Record::new("event_rejects.corrected", "event_file", file).facts(facts));
            Ok(receipt)
        })
        .await
}

/// Wants nothing of these lines.
pub async fn drop_rejects(app: &App, who: &Who, ids: Vec<Id>, reason: &str) -> Result<usize> {
    require(who, Verb::Change, Noun::Event)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("Say why nothing of these lines is wanted"));
    }
    if ids.is_empty() || ids.len() > AT_ONCE {
        return Err(Error::invalid(format!("Choose lines to drop, up to {AT_ONCE}")));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let mut dropped = 0;
            for id in &ids {
                dropped += usize::from(store::settle_reject(tx, *id, "dropped", None, reason, &who.to_string()).await?);
            }
            if dropped > 0 {
                tx.record(
                    Record::new("event_rejects.dropped", "event_rejects", tx.new_id())
                        .facts(json!({ "lines": dropped }))
                        .particulars(json!({ "reason": reason })),
                );
            }
            Ok(dropped)
        })
        .await
}
