//! A file comes in: by a program, a folder, a mail, the command line or the console.
//!
//! Its bytes are sealed and flushed first; then one change names them, leaves the job that reads them,
//! and only after that commit anybody is told that we have it. The same bytes twice are one file, and
//! who sends them again gets the receipt of the first time.

use std::io::Write;

use ::store::{Blobs, Id, Kept, Record, Tx, Upload};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::feed::Feed;
use super::file::EventFile;
use super::{read, store, unpack};
use crate::access::Who;
use crate::{App, Error, Result};

/// Up to this size a file waits in memory: as long as a blob may lie in the database.
const SMALL: usize = 128 * 1024;
/// The largest archive: it is opened in memory.
const ARCHIVE: usize = 64 << 20;
/// A feed that brings what it brought before is noted at most once in this time: whoever sends again and again writes no journal.
const HEARD_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// One file whose bytes are on disk, ready for the change that names it.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its name, made safe.
    pub name: String,
    /// Its bytes.
    pub kept: Kept,
}

/// A file on its way in: written piece by piece, in little memory.
pub struct Arriving {
    blobs: Blobs,
    most: u64,
    head: Vec<u8>,
    upload: Option<Upload>,
    size: u64,
    /// Why it cannot be taken, found while somebody wrote into it.
    broken: Option<Error>,
}

/// For whoever can only write: what is wrong is told at the end.
impl Write for Arriving {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.broken.is_none() {
            self.broken = self.push(bytes).err();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::fmt::Debug for Arriving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arriving").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Arriving {
    /// Begins a file of at most `most` bytes.
    pub fn new(blobs: &Blobs, most: u64) -> Self {
        Self { blobs: blobs.clone(), most, head: Vec::new(), upload: None, size: 0, broken: None }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.most {
            return Err(Error::invalid(format!("The file is larger than {} bytes, which is the most that is taken", self.most)));
        }
        if let Some(upload) = &mut self.upload {
            return upload.write_all(bytes).map_err(unwritten);
        }
        self.head.extend_from_slice(bytes);
        if unpack::is_archive(&self.head) {
            return if self.head.len() <= ARCHIVE { Ok(()) } else { Err(Error::invalid("The archive is larger than 64 MB: send the files one by one")) };
        }
        if self.head.len() > SMALL {
            let mut upload = self.blobs.upload();
            upload.write_all(&self.head).map_err(unwritten)?;
            self.head = Vec::new();
            self.upload = Some(upload);
        }
        Ok(())
    }

    /// Whether it begins as an archive does.
    pub(super) fn is_archive(&self) -> bool {
        unpack::is_archive(&self.head)
    }

    /// Ends the file: its bytes are on disk when this returns. An archive becomes the files in it.
    /// It waits for the disk: call it where that holds up nobody.
    pub fn finish(self, name: &str) -> Result<Vec<Piece>> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let name = post::letter::safe_name(name, 200);
        if self.size == 0 {
            return Err(Error::invalid("The file is empty"));
        }
        if unpack::is_archive(&self.head) {
            return unpack::unpack(&self.blobs, self.head, self.most);
        }
        let kept = match self.upload {
            Some(upload) => upload.finish()?,
            None => self.blobs.seal(&self.head)?,
        };
        Ok(vec![Piece { name, kept }])
    }
}

fn unwritten(error: std::io::Error) -> Error {
    vault::Error::io("keep a file", error).into()
}

/// What whoever delivered a file is told.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The file as it is kept.
    pub file: EventFile,
    /// Whether its bytes are new here.
    pub new: bool,
}

/// Takes in the files of a delivery, in one change: durable when it returns.
pub async fn arrive(app: &App, who: &Who, feed: &Feed, pieces: Vec<Piece>, via: &'static str) -> Result<Vec<Receipt>> {
    app.db.change(&who.to_string(), async |tx| keep_in(tx, feed, pieces, via, None).await).await
}

/// As [`arrive`], inside a change that does more. `mends` is the file whose lines are corrected.
pub async fn keep_in(tx: &mut Tx, feed: &Feed, pieces: Vec<Piece>, via: &'static str, mends: Option<Id>) -> Result<Vec<Receipt>> {
    if feed.state != "active" {
        return Err(Error::conflict(format!("The feed “{}” is paused: nothing is taken.", feed.name)));
    }
    let mut receipts: Vec<Receipt> = Vec::new();
    for piece in pieces {
        if let Some(known) = store::file_of(tx, piece.kept.hash).await? {
            hear_again(tx, feed, &known, via).await?;
            receipts.push(Receipt { file: known, new: false });
            continue;
        }
        tx.keep(&piece.kept).await?;
        let (id, number, now) = (tx.new_id(), tx.next_number("event-file").await?, tx.now());
        let file = EventFile {
            id,
            number,
            sha256: piece.kept.hash,
            feed: feed.id,
            name: piece.name,
            size: piece.kept.size,
            via: via.to_owned(),
            received_at: now,
            state: "received".into(),
            kind: String::new(),
            mapping_version: 0,
            registry_version: 0,
            stored: 0,
            duplicate: 0,
            rejected: 0,
            unmatched: 0,
            alarm: String::new(),
            header: String::new(),
            mends,
            read_at: None,
            let_go_at: None,
            said_kind: String::new(),
            version: 1,
        };
        store::insert_file(tx, &file).await?;
        // What we wrote ourselves says nothing of the feed.
        if mends.is_none() {
            store::heard(tx, feed.id).await?;
        }
        read::enqueue(tx, id).await?;
        let facts = json!({ "number": number, "feed": feed.name, "sha256": file.sha256.to_string(), "size": file.size, "via": via });
        tx.record(Record::new("event_file.received", "event_file", id).facts(facts).particulars(json!({ "name": file.name })));
        receipts.push(Receipt { file, new: true });
    }
    Ok(receipts)
}

/// A feed that delivers the same list each day, or one without a line, is not silent.
async fn hear_again(tx: &mut Tx, feed: &Feed, known: &EventFile, via: &str) -> Result<()> {
    if feed.last_at.is_some_and(|last| tx.now().duration_since(last) < HEARD_EVERY) {
        return Ok(());
    }
    store::heard(tx, feed.id).await?;
    tx.record(Record::new("event_file.came_again", "event_file", known.id).facts(json!({ "number": known.number, "feed": feed.name, "via": via })));
    Ok(())
}

/// A receipt as programs get it: the same for the same bytes, whenever they come. `site`: where the program is served.
pub fn receipt(site: &str, feed: &str, one: &EventFile) -> Json {
    let sha256 = one.sha256.to_string();
    json!({
        "number": one.number, "sha256": sha256, "name": one.name, "size": one.size, "received_at": one.received_at.to_string(),
        "status_url": format!("{site}/api/v1/feeds/{feed}/files/{sha256}"),
    })
}
