//! Taking in one event file. Rows gather in a buffer; a full buffer is freed of what came before, each
//! rest is given its holders, sorted, and written to data files in the scratch folder, or put aside for
//! days that have few rows. The commit brings the files into the table, all or none, exactly once.

mod commit;
mod flush;

use crate::buffer::Buffer;
use crate::data::{Names, Spill, Written};
use crate::holders::Holders;
use crate::index::Runs;
use crate::key;
use crate::lake::{Folder, Lake};
use crate::rollup::Rollup;
use crate::{Error, Result};
use formats::feed::Events;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use commit::receipt;

/// Bytes that a buffer holds before it is written out, if it does not hold many rows before.
const BYTES: usize = 160 << 20;

/// What is taken in.
#[derive(Debug, Clone)]
pub struct Start {
    /// SHA-256 of the event file: the same file is taken in once.
    pub sha: [u8; 32],
    /// The event file's number, for the column `file`.
    pub file: i64,
    /// Microseconds since 1970.
    pub now: i64,
    /// Random: two that take in the same file must not give their data files the same names.
    pub nonce: u64,
}

/// An event file on its way into the table. Dropped without a commit it leaves nothing.
pub struct Intake {
    lake: Lake,
    start: Start,
    holders: Arc<Holders>,
    folder: Folder,
    buffer: Buffer,
    /// Ids of this file's events so far.
    pending: Runs,
    /// For each day the state of its set when we first asked it.
    days: BTreeMap<i32, u64>,
    spill: Spill,
    files: Vec<Written>,
    names: Names,
    counts: Counts,
    scratch: Vec<u8>,
}

/// How a file's rows ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events that are new in the table.
    pub stored: u64,
    /// Rows whose event came before, in this file or another.
    pub duplicate: u64,
    /// Rows of the table: an event has one for each of its holders.
    pub rows: u64,
    /// Events with a holder.
    pub held: u64,
}

/// What stands after a commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The commit's number.
    pub version: i64,
    pub counts: Counts,
    /// The file was in already; `counts` are those of then.
    pub before: bool,
    /// Names and sums of the data files that hold its events. What has been rewritten since is not here.
    pub data_files: Vec<(String, Rollup)>,
}

impl Intake {
    pub(crate) fn begin(lake: Lake, start: Start, holders: Arc<Holders>) -> Result<Self> {
        let folder = lake.folder()?;
        let names = Names::new(start.nonce);
        let pending = Runs::open(&folder.path.join("ids"))?.ok_or_else(|| Error::damaged("scratch", "it was not empty"))?;
        Ok(Self {
            lake,
            start,
            holders,
            folder,
            buffer: Buffer::default(),
            pending,
            days: BTreeMap::new(),
            spill: Spill::default(),
            files: Vec::new(),
            names,
            counts: Counts::default(),
            scratch: Vec::new(),
        })
    }

    /// Takes a batch of rows.
    pub fn take(&mut self, events: &Events) -> Result<()> {
        let secret = self.lake.inner.key;
        let scratch = &mut self.scratch;
        let first = self.buffer.is_empty() && self.counts == Counts::default();
        self.buffer.push(events, (0..events.len()).map(|row| key::event(&secret, events, row, scratch)));
        if first && events.is_full() {
            // A full batch has others behind it.
            let most = (self.lake.inner.rows / self.buffer.len()).min(BYTES / self.buffer.size());
            self.buffer.reserve(most);
        }
        if self.buffer.len() >= self.lake.inner.rows || self.buffer.size() >= BYTES { self.flush() } else { Ok(()) }
    }

    /// Makes it part of the table. When this returns, a loss of power takes nothing away.
    pub fn commit(mut self) -> Result<Receipt> {
        self.flush()?;
        self.drain()?;
        self.land()
    }
}
