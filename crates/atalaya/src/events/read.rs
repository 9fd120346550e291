//! The job `read_events`: a file becomes events.
//!
//! The file is streamed from where it is sealed, decoded batch by batch, matched, and handed to the
//! lake, which keeps all of it or nothing. A worker that dies leaves nothing behind that counts: the
//! next one begins the file again, and finds it stored if it was. What the lake keeps and what stands
//! here agree, because the lake says of each file whether it has it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use ::store::{Id, Job, Reader, Tx};
use formats::feed::{Decoder, Delivery, Events, Rejected, Stop};
use serde_json::json;

use super::feed::{self, Feed};
use super::file::EventFile;
use super::lake::{self, Stored};
use super::store;
use crate::access::Who;
use crate::{App, Error, Result};
use ::store::Record;

/// So many rejected lines of one file, of so many bytes together, stand here one by one; the rest is counted, and
/// the file has them.
const KEPT: usize = 10_000;
const KEPT_BYTES: usize = 8 * 1024 * 1024;
/// Columns of a feed that no mapping names and that are noted: files whose columns are called otherwise each time fill nothing.
const COLUMNS: usize = 1000;
/// The most of a header that is kept.
const HEADER: usize = 64 * 1024;

/// Leaves the job that reads a file.
pub(super) async fn enqueue(tx: &mut Tx, file: Id) -> ::store::Result<()> {
    let now = tx.now();
    tx.enqueue_at("read_events", json!({ "file": file }), now, Some(&format!("read_events:{file}"))).await
}

/// What a file was found to be.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub kind: String,
    pub mapping: i32,
    pub registry: i64,
    pub header: String,
    pub rejected: Vec<Rejected>,
    pub rejects: u64,
    pub unknown: Vec<(String, u64)>,
    /// When the newest of its events was seen, stored or known before, in microseconds.
    pub seen_to: Option<i64>,
    pub stored: Stored,
}

/// Why a file was not read to its end.
enum Ended {
    /// Nothing of it is used until somebody looked.
    Held(String),
    /// Another worker has it now.
    Lost,
    /// Our own trouble: it is tried again.
    Trouble(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Trouble(error)
    }
}

/// Reads one file.
pub async fn read_events(app: &App, job: &Job) -> Result<()> {
    let id = file_of(job)?;
    let mut reader = app.db.read().await?;
    let Some(file) = store::file(&mut reader, id).await?.filter(|file| matches!(file.state.as_str(), "received" | "reading" | "failed")) else { return Ok(()) };
    let feed = feed::get(&mut reader, file.feed).await?;
    drop(reader);
    if file.state != "reading" {
        begin(app, &file).await?;
    }
    match decode(app, job, &file, &feed).await {
        Ok(found) => settle(app, &feed, &file, found).await,
        Err(Ended::Held(why)) => hold(app, &feed, &file, &why).await,
        Err(Ended::Lost) => Ok(()),
        Err(Ended::Trouble(error)) => Err(error),
    }
}

async fn begin(app: &App, file: &EventFile) -> Result<()> {
    app.db
        .change(&Who::Job("read_events").to_string(), async |tx| {
            store::set_file_state(tx, file.id, "reading", "").await?;
            tx.record(Record::new("event_file.begun", "event_file", file.id).facts(json!({ "number": file.number })));
            Ok(())
        })
        .await
}

/// Decodes, matches and stores. The work itself runs on a thread of its own; here the job is held meanwhile.
async fn decode(app: &App, job: &Job, file: &EventFile, feed: &Feed) -> Result<Found, Ended> {
    let tables = match feed.tables() {
        Ok(tables) => tables,
        Err(error) => return Err(Ended::Held(format!("The feed's mapping cannot be read. {error}"))),
    };
    let mut reader = app.db.read().await.map_err(Error::from)?;
    let input = app.blobs.open_stream(&mut reader, file.sha256).await.map_err(Error::from)?;
    drop(reader);
    let writer = lake::begin(app, file).await?;
    let name = if file.mends.is_some() { None } else { Some(file.name.clone()) };
    // A correction is read as the file that it mends was: what has no time has that of its delivery.
    let mended = mended(&mut app.db.read().await.map_err(Error::from)?, file).await?;
    let received = mended.as_ref().map_or(file.received_at, |one| one.received_at);
    if !file.said_kind.is_empty() && tables.get(&file.said_kind).is_none() {
        return Err(Ended::Held(format!("It is to be read as “{}”, for which the feed has no mapping any more.", file.said_kind)));
    }
    let said = if file.said_kind.is_empty() { feed.kind.clone() } else { file.said_kind.clone() };
    let kind = mended.map_or(said, |one| one.kind);
    let delivery = Delivery { feed: feed.name.as_str().into(), received: received.as_microsecond(), tlp: Some(feed.label) };
    let work = move || through(&tables, &kind, name.as_deref(), delivery, input, writer);
    lake::held(app, job, work).await?.unwrap_or(Err(Ended::Lost))
}

/// The file that a correction mends; of a correction's correction, the one that was delivered.
async fn mended(reader: &mut Reader, file: &EventFile) -> Result<Option<EventFile>> {
    let (mut found, mut next) = (None, file.mends);
    while let Some(id) = next {
        found = store::file(reader, id).await?;
        next = found.as_ref().and_then(|one: &EventFile| one.mends);
    }
    Ok(found)
}

/// One pass through the file.
fn through(
    tables: &formats::feed::Tables,
    kind: &str,
    name: Option<&str>,
    delivery: Delivery,
    input: Box<dyn Read + Send>,
    mut writer: lake::Writer,
) -> Result<Found, Ended> {
    let mut input = Head { input, kept: Vec::new() };
    let opened = match tables.get(kind) {
        Some(mapping) => Decoder::with(mapping, delivery, &mut input),
        None => Decoder::open(tables, name, delivery, &mut input),
    };
    let mut decoder = opened.map_err(stopped)?;
    let mut found = Found { registry: writer.registry(), ..Found::default() };
    let (mut events, mut rejected) = (Events::new(decoder.source().clone()), Vec::new());
    let mut kept_bytes = 0;
    loop {
        let more = decoder.fill(&mut events, &mut rejected).map_err(|error| Ended::Trouble(unreadable(error)))?;
        found.rejects += rejected.len() as u64;
        for line in rejected.drain(..) {
            kept_bytes += line.bytes.len();
            if found.rejected.len() < KEPT && kept_bytes <= KEPT_BYTES {
                found.rejected.push(line);
            }
        }
        if !events.is_empty() {
            found.seen_to = found.seen_to.max(events.observed.iter().copied().max());
            writer.push(&events)?;
            events.clear();
        }
        if !more {
            break;
        }
    }
    (found.kind, found.mapping) = (decoder.source().kind.to_string(), decoder.source().mapping);
    found.unknown = decoder.plan().unknown();
    let is_csv = decoder.plan().mapping().format == formats::feed::mapping::Format::Csv && decoder.plan().mapping().header.is_empty();
    let comment = decoder.plan().mapping().comment;
    drop(decoder);
    if is_csv {
        found.header = header(&input.kept, comment);
    }
    found.stored = writer.commit()?;
    Ok(found)
}

fn stopped(stop: Stop) -> Ended {
    match stop {
        Stop::Held(held) => Ended::Held(held.to_string()),
        Stop::Read(error) => Ended::Trouble(unreadable(error)),
    }
}

fn unreadable(error: std::io::Error) -> Error {
    Error::fault(format!("the file's bytes cannot be read: {error}"))
}

/// The first bytes of a file, remembered as they are read: the header is among them.
struct Head {
    input: Box<dyn Read + Send>,
    kept: Vec<u8>,
}

impl Read for Head {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(to)?;
        if let Some(room) = HEADER.checked_sub(self.kept.len()).filter(|room| *room > 0) {
            self.kept.extend(to.iter().take(count.min(room)));
        }
        Ok(count)
    }
}

/// The line that names the columns: the first that is neither blank nor a comment.
fn header(kept: &[u8], comment: Option<u8>) -> String {
    let text = String::from_utf8_lossy(kept.strip_prefix(b"\xef\xbb\xbf").unwrap_or(kept)).into_owned();
    let line = text.lines().find(|line| !line.trim().is_empty() && comment.is_none_or(|mark| line.as_bytes().first() != Some(&mark)));
    line.unwrap_or_default().to_owned()
}

/// What became of it, in one change with one entry.
async fn settle(app: &App, feed: &Feed, file: &EventFile, found: Found) -> Result<()> {
    app.db
        .change(&Who::Job("read_events").to_string(), async |tx| {
            if !store::is_being_read(tx, file.id).await? {
                return Ok(());
            }
            store::store_file(tx, file.id, &found).await?;
            settle_lines(tx, file, &found).await?;
            let unnoted = see_columns(tx, feed.id, &found).await?;
            lake::note(tx, &found.stored.data_files).await?;
            lake::arrived(tx, file.id, &found.stored).await?;
            let stored = &found.stored;
            tx.record(Record::new("event_file.stored", "event_file", file.id).facts(json!({
                "number": file.number, "kind": found.kind, "mapping": found.mapping, "registry": found.registry, "stored": stored.stored,
                "duplicate": stored.duplicate, "rejected": found.rejects, "unmatched": stored.unmatched, "unnoted_columns": unnoted,
            })));
            Ok(())
        })
        .await
}

/// Notes the columns that the mapping does not name; says how many were not, because the feed's files brought too many.
async fn see_columns(tx: &mut Tx, feed: Id, found: &Found) -> ::store::Result<usize> {
    let mut known = store::columns_of(tx, feed).await?;
    let mut unnoted = 0;
    for (name, times) in &found.unknown {
        let one = (found.kind.clone(), name.clone());
        if known.len() < COLUMNS || known.contains(&one) {
            store::see_column(tx, feed, &found.kind, name, *times).await?;
            known.insert(one);
        } else {
            unnoted += 1;
        }
    }
    Ok(unnoted)
}

/// Keeps the lines that are no events. A file that is read once more (the lake was lost, or its mapping is a better one)
/// has lines here already: those that are events now are settled, as far as all that are none are known.
async fn settle_lines(tx: &mut Tx, file: &EventFile, found: &Found) -> Result<()> {
    let before: BTreeMap<i64, Vec<Id>> = if file.read_at.is_some() { store::lines_of(tx, file.id).await? } else { BTreeMap::new() };
    for one in found.rejected.iter().filter(|one| !before.contains_key(&i64::from(one.line))) {
        store::insert_reject(tx, file, one).await?;
    }
    let still: BTreeSet<i64> = found.rejected.iter().map(|one| i64::from(one.line)).collect();
    let all_known = usize::try_from(found.rejects).is_ok_and(|count| count == found.rejected.len());
    for id in before.into_iter().filter(|(line, _)| all_known && !still.contains(line)).flat_map(|(_, ids)| ids) {
        store::settle_reject(tx, id, "corrected", None, "read anew: it is an event now", "").await?;
    }
    Ok(())
}

/// Says that a file could not be read, and why, once its job has no try left: by its state, people see it and
/// can let it be read again.
pub async fn give_up(app: &App, job: &Job, why: &str) -> Result<()> {
    let id = file_of(job)?;
    app.db
        .change(&Who::Job("read_events").to_string(), async |tx| {
            let Some(file) = store::file(tx, id).await?.filter(|file| matches!(file.state.as_str(), "received" | "reading")) else { return Ok(()) };
            store::set_file_state(tx, id, "failed", why).await?;
            tx.record(
                Record::new("event_file.failed", "event_file", id)
                    .facts(json!({ "number": file.number, "tries": job.attempts }))
                    .particulars(json!({ "why": why, "name": file.name })),
            );
            Ok(())
        })
        .await
}

fn file_of(job: &Job) -> Result<Id> {
    job.payload.get("file").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a file"))
}

/// Holds a file as a whole, with one alarm.
async fn hold(app: &App, feed: &Feed, file: &EventFile, why: &str) -> Result<()> {
    app.db
        .change(&Who::Job("read_events").to_string(), async |tx| {
            if !store::is_being_read(tx, file.id).await? {
                return Ok(());
            }
            store::set_file_state(tx, file.id, "held", why).await?;
            tx.record(
                Record::new("event_file.held", "event_file", file.id)
                    .facts(json!({ "number": file.number, "feed": feed.name }))
                    .particulars(json!({ "why": why, "name": file.name })),
            );
            Ok(())
        })
        .await
}
