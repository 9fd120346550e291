//! Lines that are no events: each waits to be mended or dropped.
//!
//! A line is mended by writing it anew: the header of its file and the new lines become a file of their
//! own, which goes the same way as any other. So there is one way in, and the correction is kept, too.

use ::store::{FromRow, Id, Reader, Record, Row, Statement};
use jiff::Timestamp;
use serde_json::json;
use vault::blob::Hash;

use super::arrive::{Arriving, Receipt, keep_in};
use super::file::EventFile;
use super::{feed, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// The most lines that are mended or dropped at once.
pub const AT_ONCE: usize = 500;
/// As many of one file are kept one by one.
const OF_FILE: u32 = 10_000;

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
    /// Whether it was mended already, and is no event still.
    pub mended: bool,
    /// The file in which it was handed in again.
    pub again: Option<i64>,
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
            mended: row.get::<i64>()? == 1,
            again: row.get()?,
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
    /// Of a file's lines only those that wait.
    pub open: bool,
    /// Only those with this reason, by its code.
    pub reason: Option<String>,
    /// Behind this one.
    pub before: Option<(Timestamp, Id)>,
    /// Behind this line of the file: several may have one number.
    pub after: Option<(i64, Id)>,
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
pub async fn correct(app: &App, who: &Who, lines: Vec<(Id, Vec<u8>)>) -> Result<Receipt> {
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
    drop(reader);
    hand_in(app, who, &of, lines).await
}

/// Hands in all lines of a file that wait, as they came: the feed's mapping is a better one now. Of a line that was cut or
/// erased not all is kept; it waits on.
pub async fn correct_all(app: &App, who: &Who, number: i64) -> Result<Receipt> {
    require(who, Verb::Change, Noun::Event)?;
    let mut reader = app.db.read().await?;
    let of = store::file_numbered(&mut reader, number).await?.ok_or(Error::NotFound)?;
    let wanted = WantedRejects { file: Some(of.id), open: true, limit: OF_FILE, ..WantedRejects::default() };
    let open: Vec<Reject> = reader.select(store::rejects_statement(&wanted)).await?;
    drop(reader);
    let is_whole = |one: &Reject| !one.bytes.is_empty() && one.bytes.len() < formats::feed::MAX_BYTES;
    let lines: Vec<(Id, Vec<u8>)> = open.into_iter().filter(is_whole).map(|one| (one.id, one.bytes)).collect();
    if lines.is_empty() {
        return Err(Error::conflict(format!("No line of file {number} waits of which all is kept.")));
    }
    hand_in(app, who, &of, lines).await
}

/// Lines of a file come in as a file of their own, behind its header.
async fn hand_in(app: &App, who: &Who, of: &EventFile, lines: Vec<(Id, Vec<u8>)>) -> Result<Receipt> {
    let mut reader = app.db.read().await?;
    let feed = feed::get(&mut reader, of.feed).await?;
    let mut bytes = of.header.clone().into_bytes();
    for (_, line) in &lines {
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        // Only its end goes: blanks and tabs may be cells.
        let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        bytes.extend(line.iter().take(end));
    }
    bytes.push(b'\n');
    // The same lines once more, because the mapping is another one now: a blank line makes it a file of its own.
    while store::file_of(&mut reader, Hash::of(&bytes)).await?.is_some() {
        bytes.push(b'\n');
    }
    drop(reader);
    let name = format!("{}.mended-{}", of.name.trim_end_matches(".csv"), of.number);
    let mut arriving = Arriving::new(&app.blobs, app.profile.events.max_file_bytes);
    arriving.push(&bytes)?;
    let pieces = crate::web::upload::on_disk(move || arriving.finish(&name)).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut receipts = keep_in(tx, &feed, pieces, "correction", Some(of.id)).await?;
            let receipt = receipts.pop().ok_or_else(|| Error::fault("a correction without a file"))?;
            if !receipt.new {
                return Err(Error::conflict("These lines were handed in before, just like this: nothing would change."));
            }
            for (id, _) in &lines {
                if !store::settle_reject(tx, *id, "corrected", Some(receipt.file.id), "", &who.to_string()).await? {
                    return Err(Error::conflict("Somebody else has mended or dropped one of these lines meanwhile: look again."));
                }
            }
            let facts = json!({ "file": of.number, "lines": lines.len(), "in": receipt.file.number });
            tx.record(Record::new("event_rejects.corrected", "event_file", of.id).facts(facts));
            Ok(receipt)
        })
        .await
}

/// How many lines wait, of a feed, a file, a reason.
pub async fn count_open(reader: &mut Reader, who: &Who, wanted: &WantedRejects) -> Result<i64> {
    require(who, Verb::See, Noun::Event)?;
    store::count_open(reader, wanted).await
}

/// Wants nothing of all lines that wait, of a feed, a file or a reason. `seen`: how many there were when somebody looked;
/// what came since is not what it decided on.
pub async fn drop_all(app: &App, who: &Who, wanted: &WantedRejects, seen: u64, reason: &str) -> Result<u64> {
    require(who, Verb::Change, Noun::Event)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("Say why nothing of these lines is wanted"));
    }
    if wanted.feed.is_none() && wanted.file.is_none() && wanted.reason.is_none() {
        return Err(Error::invalid("Choose a feed, a file or a reason: what is dropped is what the list shows"));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let dropped = store::drop_open(tx, wanted, reason, &who.to_string()).await?;
            if dropped != seen {
                return Err(Error::conflict(format!("There are {dropped} such lines now, and not {seen} any more: look again.")));
            }
            if dropped > 0 {
                let facts = json!({ "lines": dropped, "feed": wanted.feed, "file": wanted.file, "reason": wanted.reason });
                tx.record(Record::new("event_rejects.dropped", "event_rejects", tx.new_id()).facts(facts).particulars(json!({ "reason": reason })));
            }
            Ok(dropped)
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
