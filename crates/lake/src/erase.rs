//! Erasure of an address, a network or a holder: from the commit on nobody sees their events of before;
//! then the files are written anew without them, and the old files go.

mod texts;

use crate::data::{self, Batches, Names, write_all};
use crate::key::EventId;
use crate::lake::Lake;
use crate::log::{Action, Add, Denied};
use crate::query::DataFile;
use crate::rewrite::{Rewrite, Rewritten, day_of};
use crate::rows::{Narrow, holding_columns};
use crate::{Error, Result, key};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, Int8Array, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_select::filter::filter_record_batch;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use texts::Named;

/// Whose events are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// First and last address, both included. Where an address is the other side of an event, or a text of the event
    /// names it, only that goes and the event stays.
    Addresses([u8; 16], [u8; 16]),
    /// The rows of a holder.
    Holder(i64),
}

/// What [`Lake::expunge`] did.
#[derive(Debug, Clone, Default)]
pub struct Expunged {
    pub rewritten: Vec<Rewritten>,
    /// Files that hold nothing of what was erased: those that were looked at and those that were written.
    pub clear: Vec<String>,
}

impl Lake {
    /// Erases what was observed before an instant (microseconds). It is masked when this returns, also
    /// for what comes in later; [`Lake::expunge`] and [`Lake::vacuum`] take the bytes. Returns the commit.
    pub fn erase(&self, erased: Erased, before: i64, now: i64) -> Result<i64> {
        let denied = Denied::new(erased, before);
        let version = self.commit(|state| {
            let mut list = state.snapshot.denied()?;
            list.push(denied.clone());
            let mut metadata = state.snapshot.metadata.as_deref().cloned().ok_or_else(|| Error::damaged("log", "no schema"))?;
            metadata.deny(&list)?;
            Ok(Some(vec![Action::commit_info(now, "SET TBLPROPERTIES", &Map::new()), Action::MetaData(metadata)]))
        })?;
        version.ok_or(Error::Contended(0))
    }

    /// Writes data files anew without what was erased, one commit for each day. `nonce`: random. `is_clear`: whether it is
    /// known of a file that it holds nothing of it; such a file is not read for it.
    pub fn expunge(&self, now: i64, nonce: u64, is_clear: impl Fn(&str) -> bool) -> Result<Expunged> {
        let (files, denied) = {
            let state = self.newest()?;
            (Arc::clone(&state.snapshot.files), state.snapshot.denied()?)
        };
        let mut done = Expunged::default();
        if denied.is_empty() {
            return Ok(done);
        }
        let mut days: BTreeMap<i32, Vec<&Arc<Add>>> = BTreeMap::new();
        for add in files.values() {
            days.entry(day_of(add).unwrap_or_default()).or_default().push(add);
        }
        let names = Names::new(nonce);
        for (day, files) in days {
            let (old, gone) = self.affected(&files, &denied, &is_clear, &mut done.clear)?;
            if old.is_empty() {
                continue;
            }
            let (folder, mut new) = (self.folder()?, Vec::new());
            for add in &old {
                let rows = usize::try_from(add.rows()).unwrap_or(usize::MAX);
                let left = closed_up(without(data::read(self.file(add)?, None)?, &denied), &gone);
                new.extend(write_all(&folder, day, rows, now, vec![left], &names)?);
            }
            let about = Map::from_iter([("reason".to_owned(), Value::from("erasure"))]);
            let rewritten = self.rewrite(Rewrite { operation: "DELETE", now, old, new, changes: true, denied: None, about })?;
            done.clear.extend(rewritten.iter().flat_map(|rewritten| rewritten.added.iter().map(|(path, _)| path.clone())));
            done.rewritten.extend(rewritten);
        }
        Ok(done)
    }

    /// The files of a day that have to be written anew: those with something that was erased, and those with other rows of
    /// the same events, whose ranks close up. Files that are found clear are noted.
    fn affected(&self, files: &[&Arc<Add>], denied: &[Denied], is_clear: &dyn Fn(&str) -> bool, clear: &mut Vec<String>) -> Result<(Vec<Arc<Add>>, Arc<Gone>)> {
        let (mut old, mut rest, mut gone) = (Vec::new(), Vec::new(), Gone::default());
        for add in files {
            if is_clear(&add.path) {
                rest.push(*add);
            } else if self.holds(add, denied, &mut gone)? {
                old.push(Arc::clone(add));
            } else {
                clear.push(add.path.clone());
                rest.push(*add);
            }
        }
        for add in rest.into_iter().filter(|_| !gone.is_empty()) {
            if self.has_any(add, &gone)? {
                old.push(Arc::clone(add));
            }
        }
        Ok((old, Arc::new(gone)))
    }

    /// Whether a file has something that was erased. Notes which rows of which events go with their holder.
    fn holds(&self, add: &Add, denied: &[Denied], gone: &mut Gone) -> Result<bool> {
        let Some(file) = DataFile::of(add) else { return Ok(false) };
        let start = i64::from(file.day) * key::DAY;
        let touches = |denied: &Denied| denied.before > start && denied.holder.is_none_or(|holder| file.holders.0 <= holder && holder <= file.holders.1);
        if !denied.iter().any(touches) {
            return Ok(false);
        }
        let holders: Vec<Denied> = denied.iter().filter(|denied| denied.holder.is_some()).cloned().collect();
        let (mut holds, named) = (false, Named::of(denied));
        let texts = if named.is_some() { &texts::COLUMNS[..] } else { &[] };
        let columns: Vec<&str> = holding_columns().iter().chain(texts).copied().collect();
        for batch in data::read(self.file(add)?, Some(&columns))? {
            let batch = batch?;
            let (look, rows) = (Look::at(&batch)?, Narrow::holdings(&batch)?);
            holds = holds || look.any(denied);
            if let Some(named) = &named {
                holds = holds || named.is_any(&batch, look.observed)?;
            }
            for row in (0..batch.num_rows()).filter(|row| look.is_hidden(*row, &holders)) {
                *gone.entry(rows.event(row)).or_default() |= 1 << rows.rank(row).max(0);
            }
        }
        Ok(holds)
    }

    /// Whether a file has rows of these events.
    fn has_any(&self, add: &Add, events: &Gone) -> Result<bool> {
        for batch in data::read(self.file(add)?, Some(&["event"]))? {
            if data::ids(&batch?)?.any(|event| events.contains_key(&event)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Of events the ranks whose rows go, one bit each.
type Gone = FxHashMap<EventId, u128>;

/// Rows of which the ranks follow on each other without those that are gone: the first holder that is left is the first.
fn closed_up(batches: Batches, gone: &Arc<Gone>) -> Batches {
    if gone.is_empty() {
        return batches;
    }
    let gone = Arc::clone(gone);
    Box::new(batches.map(move |batch| {
        let batch = batch?;
        let ranks: Int8Array = {
            let rows = Narrow::holdings(&batch)?;
            let below = |event, rank: i8| gone.get(&event).map_or(0, |bits: &u128| (bits & ((1 << rank.max(0)) - 1)).count_ones());
            (0..batch.num_rows()).map(|row| rows.rank(row) - i8::try_from(below(rows.event(row), rows.rank(row))).unwrap_or(0)).collect()
        };
        let column = batch.schema().index_of("rank")?;
        let mut columns = batch.columns().to_vec();
        if let Some(place) = columns.get_mut(column) {
            *place = Arc::new(ranks);
        }
        Ok(RecordBatch::try_new(batch.schema(), columns)?)
    }))
}

impl Denied {
    fn new(erased: Erased, before: i64) -> Self {
        match erased {
            Erased::Addresses(first, last) => Self { range: Some((crate::lake::hex(&first), crate::lake::hex(&last))), holder: None, before },
            Erased::Holder(holder) => Self { range: None, holder: Some(holder), before },
        }
    }
}

/// Rows without what was erased.
pub(crate) fn without(batches: Batches, denied: &[Denied]) -> Batches {
    if denied.is_empty() {
        return batches;
    }
    let (denied, named) = (denied.to_vec(), Named::of(denied));
    Box::new(batches.map(move |batch| {
        let batch = batch?;
        let look = Look::at(&batch)?;
        let stays: Vec<bool> = (0..batch.num_rows()).map(|row| !look.is_hidden(row, &denied)).collect();
        let mut columns = batch.columns().to_vec();
        if let Some(place) = columns.get_mut(batch.schema().index_of("peer_ip")?) {
            *place = look.peers(&denied)?;
        }
        for name in texts::COLUMNS {
            if let (Some(named), Some((at, _))) = (&named, batch.schema().column_with_name(name))
                && let Some(place) = columns.get_mut(at)
                && let Some(left) = named.without(place, look.observed)?
            {
                *place = left;
            }
        }
        let batch = RecordBatch::try_new(batch.schema(), columns)?;
        filter_record_batch(&batch, &BooleanArray::from(stays)).map_err(Error::from)
    }))
}

/// The columns of a batch that say whose a row is.
pub(crate) struct Look<'a> {
    holders: &'a [i64],
    observed: &'a [i64],
    ips: &'a FixedSizeBinaryArray,
    peers: &'a FixedSizeBinaryArray,
}

impl<'a> Look<'a> {
    pub fn at(batch: &'a RecordBatch) -> Result<Self> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| Error::damaged("data file", "other columns"));
        Ok(Self {
            holders: column("holder")?.as_primitive::<Int64Type>().values(),
            observed: column("observed")?.as_primitive::<TimestampMicrosecondType>().values(),
            ips: column("ip")?.as_fixed_size_binary(),
            peers: column("peer_ip")?.as_fixed_size_binary(),
        })
    }

    fn before(&self, row: usize, denied: &Denied) -> bool {
        self.observed.get(row).is_some_and(|observed| *observed < denied.before)
    }

    fn is(&self, row: usize, denied: &Denied) -> bool {
        let held = denied.holder.is_some_and(|holder| self.holders.get(row) == Some(&holder));
        self.before(row, denied) && (held || within(self.ips, row, denied))
    }

    fn is_peer(&self, row: usize, denied: &Denied) -> bool {
        self.before(row, denied) && within(self.peers, row, denied)
    }

    /// Whether a row was erased.
    pub fn is_hidden(&self, row: usize, denied: &[Denied]) -> bool {
        denied.iter().any(|denied| self.is(row, denied))
    }

    /// Whether the other side of an event was erased.
    pub fn is_peer_hidden(&self, row: usize, denied: &[Denied]) -> bool {
        denied.iter().any(|denied| self.is_peer(row, denied))
    }

    fn any(&self, denied: &[Denied]) -> bool {
        (0..self.holders.len()).any(|row| self.is_hidden(row, denied) || self.is_peer_hidden(row, denied))
    }

    /// The other sides, without those that were erased.
    fn peers(&self, denied: &[Denied]) -> Result<ArrayRef> {
        let stays = (0..self.peers.len()).map(|row| self.peers.is_valid(row) && !self.is_peer_hidden(row, denied));
        let (size, values, _) = self.peers.clone().into_parts();
        // Under a null the bytes go as well.
        let stays: Vec<bool> = stays.collect();
        let mut bytes = values.to_vec();
        for (cell, stays) in bytes.chunks_mut(16).zip(&stays) {
            if !stays {
                cell.fill(0);
            }
        }
        Ok(Arc::new(FixedSizeBinaryArray::try_new(size, bytes.into(), Some(NullBuffer::from(stays)))?))
    }
}

fn within(ips: &FixedSizeBinaryArray, row: usize, denied: &Denied) -> bool {
    denied.addresses().is_some_and(|(first, last)| ips.is_valid(row) && ips.value(row) >= &first[..] && ips.value(row) <= &last[..])
}
