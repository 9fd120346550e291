//! Rows of days that are too few for a data file yet, put aside on the local disk until the end of the
//! event file: however many days it spans, and in whatever order, each day becomes few data files.

use super::merge::Batches;
use crate::{Error, Result, schema};
use arrow_array::RecordBatch;
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a batch that is put aside: small, because a day's rows are read from all files at once.
pub(crate) const PIECE: usize = 1024;

/// A file stays open: its table of contents is read once, not once for each day.
type Shared = Arc<Mutex<FileReader<BufReader<File>>>>;

/// What was put aside: in files of batches, each batch of one day and sorted.
#[derive(Default)]
pub(crate) struct Spill {
    files: Vec<Shared>,
    /// For each day: file, batch, rows.
    days: BTreeMap<i32, Vec<Part>>,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    file: usize,
    from: usize,
    batches: usize,
    rows: usize,
}

impl Spill {
    /// Puts aside sorted rows of some days.
    pub fn put<B: Iterator<Item = Result<RecordBatch>>>(&mut self, folder: &Path, days: impl Iterator<Item = (i32, B)>) -> Result<()> {
        let mut days = days.peekable();
        if days.peek().is_none() {
            return Ok(());
        }
        let path = folder.join(format!("{}.spill", self.files.len()));
        let file = File::create(&path).map_err(Error::place(path.display().to_string()))?;
        let mut out = FileWriter::try_new(BufWriter::with_capacity(1 << 18, file), &schema::arrow())?;
        let mut batches = 0;
        for (day, rows) in days {
            let mut part = Part { file: self.files.len(), from: batches, batches: 0, rows: 0 };
            for batch in rows {
                let batch = batch?;
                out.write(&batch)?;
                part.batches += 1;
                part.rows += batch.num_rows();
            }
            batches += part.batches;
            self.days.entry(day).or_default().push(part);
        }
        out.finish()?;
        drop(out);
        let file = File::open(&path).map_err(Error::place(path.display().to_string()))?;
        self.files.push(Arc::new(Mutex::new(FileReader::try_new(BufReader::new(file), None)?)));
        Ok(())
    }

    pub fn days(&self) -> impl Iterator<Item = i32> {
        self.days.keys().copied()
    }

    pub fn rows(&self, day: i32) -> usize {
        self.days.get(&day).map_or(0, |parts| parts.iter().map(|part| part.rows).sum())
    }

    /// The rows of a day, a stream for each time that some were put aside.
    pub fn take(&mut self, day: i32) -> Result<Vec<Batches>> {
        let parts = self.days.remove(&day).unwrap_or_default();
        parts.into_iter().map(|part| self.stream(part)).collect()
    }

    fn stream(&self, part: Part) -> Result<Batches> {
        let file = self.files.get(part.file).map(Arc::clone).ok_or_else(|| Error::damaged("spill", "a file went away"))?;
        let read = move |batch: usize| -> Result<RecordBatch> {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.set_index(batch)?;
            file.next().ok_or_else(|| Error::damaged("spill", "a batch went away"))?.map_err(Error::from)
        };
        Ok(Box::new((part.from..part.from + part.batches).map(read)))
    }
}
