//! Events one by one, read straight from the data files: what a page lists and a download takes, and how
//! many there are by day and type. The answers are those that an engine gives to the same questions;
//! everything else that can be asked is an engine's work.
//!
//! A day's files are looked through in the few columns that the conditions need; the other columns are
//! read only of the rows that are shown.

mod sighted;
mod tally;
mod test;

use crate::data::{self, BATCH};
use crate::erase::{Look, without};
use crate::lake::Lake;
use crate::log::Denied;
use crate::query::{After, DataFile, Filter, Question, Rows, Sight, Value, View, text};
use crate::schema::{self, Kind};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection};
use parquet::file::metadata::RowGroupMetaData;
pub use sighted::Sighted;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fs::File;
pub use tally::{Sources, Tally, source_row, tally_row};
use test::Test;

/// Where a row of an answer stands; in the order of answers, the last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    observed: i64,
    event: [u8; 16],
    holder: i64,
    /// Which of the day's files, and which of its rows that were looked at.
    file: usize,
    row: usize,
}

/// What is looked for in each file.
struct Hunt<'a> {
    tests: Vec<Test>,
    denied: &'a [Denied],
    after: Option<After>,
    limit: usize,
}

impl Lake {
    /// Answers [`Question::Events`] and [`Question::Event`]; any other question wants an engine.
    pub fn events(&self, view: &View, question: &Question, sight: &Sight) -> Result<Rows> {
        let mut filter = view.filter(question)?;
        let (after, limit) = match question {
            Question::Events { after, limit, .. } => (*after, usize::try_from(*limit).unwrap_or(usize::MAX)),
            Question::Event { .. } => (None, usize::MAX),
            _ => return Err(Error::Question("only an engine counts and compares".into())),
        };
        let mut answer = Rows { names: text::EVENT.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() };
        if let Some(after) = after {
            filter.span.until = filter.span.until.min(after.observed.saturating_add(1));
        }
        if matches!(sight, Sight::Holders(holders) if holders.is_empty()) || filter.span.from >= filter.span.until || limit == 0 {
            return Ok(answer);
        }
        let tests = tests(matches!(question, Question::Event { .. }), &filter, sight).chain(event(question)).collect();
        let hunt = Hunt { tests, denied: view.denied(), after, limit };
        let mut files = view.touched(&filter, sight);
        files.sort_by_key(|file| Reverse(file.day));
        for day in files.chunk_by(|a, b| a.day == b.day) {
            let left = limit.saturating_sub(answer.len());
            if left == 0 {
                break;
            }
            answer.rows.extend(self.day(day, &Hunt { tests: hunt.tests.clone(), limit: left, ..hunt })?);
        }
        if matches!(question, Question::Event { .. }) {
            let rank = answer.names.iter().position(|name| name == "rank").unwrap_or_default();
            answer.rows.sort_by_key(|row| row.get(rank).and_then(Value::int));
        }
        Ok(answer)
    }

    /// The newest rows of a day that fit.
    fn day(&self, files: &[DataFile], hunt: &Hunt<'_>) -> Result<Vec<Vec<Value>>> {
        let mut best: BinaryHeap<Reverse<Found>> = BinaryHeap::new();
        let mut groups = Vec::new();
        for (at, file) in files.iter().enumerate() {
            groups.push(self.look_through(at, file, hunt, &mut best)?);
        }
        let mut found: Vec<Found> = best.into_iter().map(|Reverse(found)| found).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        let mut of_file: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for found in &found {
            of_file.entry(found.file).or_default().push(found.row);
        }
        let mut read: BTreeMap<(usize, usize), Vec<Value>> = BTreeMap::new();
        for (at, mut rows) in of_file {
            rows.sort_unstable();
            let (Some(file), Some(groups)) = (files.get(at), groups.get(at)) else { continue };
            let values = self.whole_rows(file, groups.clone(), &rows, hunt.denied)?;
            read.extend(rows.into_iter().map(|row| (at, row)).zip(values));
        }
        Ok(found.iter().filter_map(|found| read.remove(&(found.file, found.row))).collect())
    }

    /// Looks through one file, and keeps what is newer than what was found before. Returns which groups of
    /// rows were looked at: the others cannot hold anything.
    fn look_through(&self, at: usize, file: &DataFile, hunt: &Hunt<'_>, best: &mut BinaryHeap<Reverse<Found>>) -> Result<Vec<usize>> {
        let mut first = 0;
        self.each_batch(file, hunt, &["event", "holder", "observed"], |batch, stays| {
            hunt.take(at, first, batch, stays, best)?;
            first += batch.num_rows();
            Ok(())
        })
    }

    /// Goes through the rows of a file that can fit, with these columns; says of each batch which rows do.
    fn each_batch(
        &self,
        file: &DataFile,
        hunt: &Hunt<'_>,
        columns: &[&'static str],
        mut each: impl FnMut(&RecordBatch, &[bool]) -> Result<()>,
    ) -> Result<Vec<usize>> {
        let builder = self.builder(file)?;
        let groups = test::groups(&builder, &hunt.tests)?;
        if groups.is_empty() {
            return Ok(groups);
        }
        let denied: &[&str] = if hunt.denied.is_empty() { &[] } else { &["holder", "observed", "ip", "peer_ip"] };
        let columns = columns.iter().copied().chain(denied.iter().copied()).chain(hunt.tests.iter().map(Test::column));
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns);
        for batch in builder.with_row_groups(groups.clone()).with_projection(mask).build()? {
            let batch = batch?;
            let stays = hunt.fits(&batch)?;
            each(&batch, &stays)?;
        }
        Ok(groups)
    }

    /// Some rows of a file with all columns, in the order of the file.
    fn whole_rows(&self, file: &DataFile, groups: Vec<usize>, rows: &[usize], denied: &[Denied]) -> Result<Vec<Vec<Value>>> {
        let builder = self.builder(file)?;
        let metadata = builder.metadata();
        let total: i64 = groups.iter().filter_map(|group| metadata.row_groups().get(*group)).map(RowGroupMetaData::num_rows).sum();
        let ranges = rows.iter().map(|row| *row..*row + 1);
        let selection = RowSelection::from_consecutive_ranges(ranges, usize::try_from(total).unwrap_or(usize::MAX));
        let batches = builder.with_row_groups(groups).with_row_selection(selection).build()?;
        let batches: data::Batches = Box::new(batches.map(|batch| batch.map_err(Error::from)));
        let mut values = Vec::new();
        for batch in without(batches, denied) {
            let batch = batch?;
            for row in 0..batch.num_rows() {
                values.push(text::EVENT.iter().map(|name| value(file, &batch, name, row)).collect::<Result<_>>()?);
            }
        }
        Ok(values)
    }

    fn builder(&self, file: &DataFile) -> Result<ParquetRecordBatchReaderBuilder<File>> {
        let options = ArrowReaderOptions::new().with_schema(schema::arrow());
        Ok(ParquetRecordBatchReaderBuilder::try_new_with_options(self.data_file(&file.path)?, options)?.with_batch_size(BATCH))
    }
}

impl<'a> Hunt<'a> {
    /// All that fit; `None` where nothing can.
    fn all(view: &'a View, filter: &Filter, sight: &Sight) -> Option<Self> {
        let nothing = matches!(sight, Sight::Holders(holders) if holders.is_empty()) || filter.span.from >= filter.span.until;
        (!nothing).then(|| Self { tests: tests(false, filter, sight).collect(), denied: view.denied(), after: None, limit: 0 })
    }

    /// Which rows of a batch fit.
    fn fits(&self, batch: &RecordBatch) -> Result<Vec<bool>> {
        let mut stays = vec![true; batch.num_rows()];
        let look = if self.denied.is_empty() { None } else { Some(Look::at(batch)?) };
        if let Some(look) = &look {
            stays.iter_mut().enumerate().for_each(|(row, stays)| *stays = !look.is_hidden(row, self.denied));
        }
        for test in &self.tests {
            test.keep(batch, &mut stays)?;
            if let (Some(look), "peer_ip") = (&look, test.column()) {
                stays.iter_mut().enumerate().for_each(|(row, stays)| *stays = *stays && !look.is_peer_hidden(row, self.denied));
            }
        }
        Ok(stays)
    }

    /// Keeps the rows of a batch that fit and are newer than what was found before. `first`: how many rows of
    /// the file came before it.
    fn take(&self, file: usize, first: usize, batch: &RecordBatch, stays: &[bool], best: &mut BinaryHeap<Reverse<Found>>) -> Result<()> {
        let (events, holders) = (column(batch, "event")?.as_fixed_size_binary(), column(batch, "holder")?.as_primitive::<Int64Type>().values());
        let observed = column(batch, "observed")?.as_primitive::<TimestampMicrosecondType>().values();
        for (row, ((observed, holder), _)) in observed.iter().zip(holders).zip(stays).enumerate().filter(|(_, (_, stays))| **stays) {
            let found = Found { observed: *observed, event: events.value(row).try_into().unwrap_or_default(), holder: *holder, file, row: first + row };
            let is_before = self.after.is_none_or(|after| (found.observed, found.event, found.holder) < (after.observed, after.event, after.holder));
            if is_before && (best.len() < self.limit || best.peek().is_some_and(|Reverse(least)| *least < found)) {
                best.push(Reverse(found));
                if best.len() > self.limit {
                    best.pop();
                }
            }
        }
        Ok(())
    }
}

fn words<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a DictionaryArray<Int32Type>> {
    column(batch, name)?.as_dictionary_opt::<Int32Type>().ok_or_else(|| Error::damaged("data file", format!("the column {name} is of another kind")))
}

fn word(words: &DictionaryArray<Int32Type>, key: Option<usize>) -> String {
    let texts = words.values().as_string_opt::<i32>();
    key.zip(texts).map(|(key, texts)| texts.value(key).to_owned()).unwrap_or_default()
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| Error::damaged("data file", format!("there is no column {name}")))
}

/// The conditions of the filter and who may see what. `each`: an event as each of its holders has it.
fn tests(each: bool, filter: &Filter, sight: &Sight) -> impl Iterator<Item = Test> {
    let seen = match sight {
        Sight::Holders(holders) => Some(Test::Holders(holders.clone())),
        Sight::All if each || filter.holder.is_some() => None,
        Sight::All => Some(Test::Number { column: "rank", low: 0, high: 0 }),
    };
    Test::of(filter).into_iter().chain(seen)
}

fn event(question: &Question) -> Option<Test> {
    if let Question::Event { event } = question { Some(Test::Bytes { column: "event", first: *event, last: *event }) } else { None }
}

/// A cell as answers have it.
fn value(file: &DataFile, batch: &RecordBatch, name: &str, row: usize) -> Result<Value> {
    if name == schema::DAY {
        return Ok(Value::Date(file.day));
    }
    let damaged = || Error::damaged(file.path.as_str(), format!("the column {name} is not as it should be"));
    let column = column(batch, name)?;
    let kind = schema::kind(name).ok_or_else(damaged)?;
    if column.is_null(row) {
        return Ok(Value::Null);
    }
    Ok(match kind {
        Kind::Id | Kind::Address => Value::Bytes(column.as_fixed_size_binary().value(row).try_into().unwrap_or_default()),
        Kind::Long => Value::Int(column.as_primitive::<Int64Type>().value(row)),
        Kind::Steps | Kind::Int => Value::Int(i64::from(column.as_primitive::<Int32Type>().value(row))),
        Kind::Byte => Value::Int(i64::from(column.as_primitive::<Int8Type>().value(row))),
        Kind::Time => Value::Time(column.as_primitive::<TimestampMicrosecondType>().value(row)),
        Kind::Text => Value::Text(column.as_string::<i32>().value(row).to_owned()),
        Kind::Word => Value::Text(word(words(batch, name)?, words(batch, name)?.key(row))),
    })
}
