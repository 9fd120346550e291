//! Data files: rows of one day, sorted by (holder, observed), written once and read by anybody who
//! reads Parquet.

mod merge;
mod spill;

pub(crate) use merge::{Batches, merge};
pub(crate) use spill::{PIECE, Spill};

use crate::lake::Folder;
use crate::log::Add;
use crate::rollup::{Rollup, Sums};
use crate::{Error, Result, key, schema};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ProjectionMask, arrow_writer::ArrowWriterOptions};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Rows that are read and written at a time.
pub(crate) const BATCH: usize = 16 * 1024;

/// A data file that is being written in the scratch folder.
pub(crate) struct Writer {
    out: ArrowWriter<BufWriter<File>>,
    local: PathBuf,
    day: i32,
    name: String,
    rows: usize,
    bounds: Option<Bounds>,
    sums: Sums,
}

#[derive(Debug, Clone, Copy)]
struct Bounds {
    holder: (i64, i64),
    observed: (i64, i64),
}

/// A finished data file, in the scratch folder or in the table.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub add: Add,
    pub local: PathBuf,
    pub day: i32,
    pub rows: usize,
    pub rollup: Rollup,
}

impl Writer {
    /// `name`: what it will be called within its day; nobody else may choose the same. `rows`: about how many.
    pub fn create(folder: &Path, day: i32, name: String, rows: usize) -> Result<Self> {
        let local = folder.join(format!("{name}.parquet"));
        let file = File::create(&local).map_err(Error::place(local.display().to_string()))?;
        // The types of the table say all; a copy of Arrow's own schema in each file would be dead weight.
        let options = ArrowWriterOptions::new().with_properties(schema::properties(rows)).with_skip_arrow_metadata(true);
        let out = ArrowWriter::try_new_with_options(BufWriter::with_capacity(1 << 18, file), schema::arrow(), options)?;
        Ok(Self { out, local, day, name, rows: 0, bounds: None, sums: Sums::default() })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.out.write(batch)?;
        self.rows += batch.num_rows();
        self.sums.add(batch)?;
        let holders = batch.column(schema::index("holder")).as_primitive::<Int64Type>().values();
        let observed = batch.column(schema::index("observed")).as_primitive::<TimestampMicrosecondType>().values();
        for (holder, observed) in holders.iter().copied().zip(observed.iter().copied()) {
            let bounds = self.bounds.get_or_insert(Bounds { holder: (holder, holder), observed: (observed, observed) });
            bounds.holder = (bounds.holder.0.min(holder), bounds.holder.1.max(holder));
            bounds.observed = (bounds.observed.0.min(observed), bounds.observed.1.max(observed));
        }
        Ok(())
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// `now` in microseconds. `None`: there were no rows, and so there is no file.
    pub fn finish(self, now: i64) -> Result<Option<Written>> {
        let failed = self.local.display().to_string();
        let out = self.out.into_inner()?;
        let file = out.into_inner().map_err(|error| Error::place(failed.as_str())(error.into_error()))?;
        let Some(bounds) = self.bounds else {
            std::fs::remove_file(&self.local).map_err(Error::place(failed))?;
            return Ok(None);
        };
        let size = file.metadata().map_err(Error::place(failed))?.len();
        let date = key::date(self.day);
        let stats = serde_json::json!({
            "numRecords": self.rows,
            "minValues": { "holder": bounds.holder.0, "observed": instant(bounds.observed.0) },
            "maxValues": { "holder": bounds.holder.1, "observed": instant(bounds.observed.1) },
            "nullCount": { "holder": 0, "observed": 0 },
        });
        let add = Add {
            path: format!("{}={date}/{}.parquet", schema::DAY, self.name),
            partition_values: BTreeMap::from([(schema::DAY.to_owned(), Some(date))]),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            modification_time: now / 1000,
            data_change: true,
            stats: Some(stats.to_string()),
            tags: BTreeMap::new(),
        };
        Ok(Some(Written { add, local: self.local, day: self.day, rows: self.rows, rollup: self.sums.finish()? }))
    }
}

/// Names for data files that nobody else chooses.
#[derive(Debug)]
pub(crate) struct Names {
    nonce: u64,
    next: Cell<u32>,
}

impl Names {
    pub fn new(nonce: u64) -> Self {
        Self { nonce, next: Cell::new(0) }
    }

    pub fn next(&self) -> String {
        let number = self.next.get();
        self.next.set(number + 1);
        format!("part-{:016x}-{number:05}", self.nonce)
    }
}

/// Writes sorted streams of one day as data files of bounded size. `rows`: about how many there are.
pub(crate) fn write_all(folder: &Folder, day: i32, rows: usize, now: i64, streams: Vec<Batches>, names: &Names) -> Result<Vec<Written>> {
    let mut written = Vec::new();
    let mut open: Option<Writer> = None;
    merge(streams, BATCH.min(folder.most), |batch| {
        if open.as_ref().is_some_and(|writer| writer.rows() >= folder.most)
            && let Some(full) = open.take()
        {
            written.extend(full.finish(now)?);
        }
        let writer = match &mut open {
            Some(writer) => writer,
            none => none.insert(Writer::create(&folder.path, day, names.next(), rows)?),
        };
        writer.write(&batch)
    })?;
    if let Some(last) = open {
        written.extend(last.finish(now)?);
    }
    Ok(written)
}

/// As Delta writes instants in statistics. A minimum may be cut, a maximum may not: six places are all there are.
fn instant(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map(|at| format!("{at:.6}")).unwrap_or_default()
}

/// The rows of a data file with all columns, or with those that are named, in batches.
pub(crate) fn read(file: File, columns: Option<&[&str]>) -> Result<Batches> {
    let options = ArrowReaderOptions::new().with_schema(schema::arrow());
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)?.with_batch_size(BATCH);
    let builder = match columns {
        Some(columns) => {
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            builder.with_projection(mask)
        }
        None => builder,
    };
    Ok(Box::new(builder.build()?.map(|batch| batch.map_err(Error::from))))
}

/// The ids of events in a batch, in its order.
pub(crate) fn ids(batch: &RecordBatch) -> Result<impl Iterator<Item = key::EventId>> {
    let column = batch.column_by_name("event").and_then(|column| column.as_fixed_size_binary_opt());
    let column = column.ok_or_else(|| Error::damaged("data file", "there is no column of event ids"))?;
    if column.value_length() != 16 || column.null_count() > 0 {
        return Err(Error::damaged("data file", "event ids are not sixteen bytes"));
    }
    Ok(column.iter().flatten().map(|id| key::EventId::from_be_bytes(id.try_into().unwrap_or_default())))
}
