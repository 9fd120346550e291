//! Many sorted streams of rows become one, in little memory.

use crate::{Error, Result, schema};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_buffer::ScalarBuffer;
use arrow_select::interleave::interleave_record_batch;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A stream of rows.
pub(crate) type Batches = Box<dyn Iterator<Item = Result<RecordBatch>>>;

struct Stream {
    batches: Batches,
    holders: ScalarBuffer<i64>,
    observed: ScalarBuffer<i64>,
    /// The place of the current batch among those held, and of the current row in it.
    batch: usize,
    row: usize,
}

impl Stream {
    /// Steps to the next batch that has rows. `false`: there is none.
    fn open(&mut self, held: &mut Vec<RecordBatch>) -> Result<bool> {
        for batch in self.batches.by_ref() {
            let batch = batch?;
            if batch.num_rows() == 0 {
                continue;
            }
            let holders = batch.column(schema::index("holder")).as_primitive_opt::<Int64Type>();
            let observed = batch.column(schema::index("observed")).as_primitive_opt::<TimestampMicrosecondType>();
            let (Some(holders), Some(observed)) = (holders, observed) else { return Err(Error::damaged("data file", "other columns")) };
            self.holders = holders.values().clone();
            self.observed = observed.values().clone();
            self.batch = held.len();
            self.row = 0;
            held.push(batch);
            return Ok(true);
        }
        Ok(false)
    }

    fn place(&self, stream: usize) -> Option<Reverse<(i64, i64, usize)>> {
        Some(Reverse((*self.holders.get(self.row)?, *self.observed.get(self.row)?, stream)))
    }
}

/// Hands on the rows of all streams, each sorted by (holder, observed), in that order.
pub(crate) fn merge(streams: Vec<Batches>, size: usize, mut hand_on: impl FnMut(RecordBatch) -> Result<()>) -> Result<()> {
    let mut held = Vec::new();
    let mut open = Vec::new();
    let mut heap = BinaryHeap::new();
    for batches in streams {
        let mut stream = Stream { batches, holders: Vec::new().into(), observed: Vec::new().into(), batch: 0, row: 0 };
        if stream.open(&mut held)? {
            heap.extend(stream.place(open.len()));
            open.push(stream);
        }
    }
    let mut picked: Vec<(usize, usize)> = Vec::with_capacity(size);
    while let Some(Reverse((.., at))) = heap.pop() {
        let Some(stream) = open.get_mut(at) else { continue };
        picked.push((stream.batch, stream.row));
        stream.row += 1;
        if stream.row < stream.holders.len() || stream.open(&mut held)? {
            heap.extend(stream.place(at));
        } else {
            stream.batch = usize::MAX;
        }
        // Picked rows need their batches; when there are many of these, the spent ones go.
        if picked.len() >= size || held.len() > 2 * open.len() + 16 {
            hand_on(gather(&held, &picked)?)?;
            picked.clear();
            held = renew(held, &mut open);
        }
    }
    if !picked.is_empty() {
        hand_on(gather(&held, &picked)?)?;
    }
    Ok(())
}

fn gather(held: &[RecordBatch], picked: &[(usize, usize)]) -> Result<RecordBatch> {
    let batches: Vec<&RecordBatch> = held.iter().collect();
    interleave_record_batch(&batches, picked).map_err(Error::from)
}

fn renew(held: Vec<RecordBatch>, open: &mut [Stream]) -> Vec<RecordBatch> {
    let mut kept = Vec::new();
    for stream in open.iter_mut() {
        if let Some(batch) = held.get(stream.batch) {
            stream.batch = kept.len();
            kept.push(batch.clone());
        }
    }
    kept
}
