//! Events one by one, read straight from the data files: what a page lists and a download takes, and how
//! many there are by day and type. The answers are those that an engine gives to the same questions;
//! everything else that can be asked is an engine's work.
//!
//! A day's files are looked through in the few columns that the conditions need; the other columns are
//! read only of the rows that are shown.

mod pages;
mod sighted;
mod tally;
mod test;

use crate::data::{self, BATCH};
use crate::erase::{Look, without};
use crate::lake::Lake;
use crate::log::Denied;
use crate::query::{After, DataFile, Filter, Question, Rows, Sight, Value, View, text};
use crate::schema::{self, Kind};
use crate::{Error, Result, key};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, FieldRef};
use parquet::arrow::arrow_reader::{ArrowPredicate, ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter, RowSelection};
use parquet::arrow::{ProjectionMask, RowNumber};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
pub use sighted::Sighted;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fs::File;
use std::sync::Arc;
pub use tally::{Addresses, Sources, Tally, source_row, tally_row};
use test::Test;

/// The number of a row in its file, beside the table's own columns.
const ROW: &str = "row number";

/// Where a row of an answer stands; in the order of answers, the last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    observed: i64,
    event: [u8; 16],
    holder: i64,
    /// Which of the day's files, and which of its rows.
    file: usize,
    row: usize,
}

/// What is looked for in each file.
struct Hunt<'a> {
    /// Those that leave the fewest rows first.
    tests: Vec<Test>,
    denied: &'a [Denied],
    after: Option<After>,
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
        let mut answer = nothing();
        if let Some(after) = after {
            filter.span.until = filter.span.until.min(after.observed.saturating_add(1));
        }
        let Some(hunt) = Hunt::of(view, question, &filter, sight, after).filter(|_| limit > 0) else { return Ok(answer) };
        for day in by_day(view.touched(&filter, sight)) {
            let left = limit.saturating_sub(answer.len());
            if left == 0 {
                break;
            }
            answer.rows.extend(self.day(&day, &hunt, left, None)?);
        }
        if matches!(question, Question::Event { .. }) {
            let rank = answer.names.iter().position(|name| name == "rank").unwrap_or_default();
            answer.rows.sort_by_key(|row| row.get(rank).and_then(Value::int));
        }
        Ok(answer)
    }

    /// A page of events as [`Question::Events`] has it, and how many fit in all as [`Lake::tally`] counts them: each file
    /// is gone through once for both.
    pub fn page(&self, view: &View, filter: &Filter, sight: &Sight, after: Option<After>, limit: u32) -> Result<(Rows, Tally)> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let question = Question::Events { filter: filter.clone(), after, limit: 0 };
        let (mut answer, mut tally) = (nothing(), Tally::new());
        let Some(hunt) = Hunt::of(view, &question, &view.filter(&question)?, sight, after) else { return Ok((answer, tally)) };
        let newest = after.map_or(i32::MAX, |after| key::day(after.observed));
        for day in by_day(view.touched(filter, sight)) {
            let left = limit.saturating_sub(answer.len());
            if left > 0 && day.first().is_some_and(|file| file.day <= newest) {
                answer.rows.extend(self.day(&day, &hunt, left, Some(&mut tally))?);
            } else {
                day.iter().try_for_each(|file| self.count(file, &hunt, &mut tally))?;
            }
        }
        Ok((answer, tally))
    }

    /// The newest rows of a day that fit, up to a number; all that fit are counted on the way, if that is wanted.
    fn day(&self, files: &[DataFile], hunt: &Hunt<'_>, limit: usize, mut tally: Option<&mut Tally>) -> Result<Vec<Vec<Value>>> {
        let mut best: BinaryHeap<Reverse<Found>> = BinaryHeap::new();
        let columns = if tally.is_some() { &["event", "holder", "observed", "class", "type"][..] } else { &["event", "holder", "observed"] };
        for (at, file) in files.iter().enumerate() {
            self.each_batch(file, hunt, columns, |batch| {
                if let Some(tally) = tally.as_deref_mut() {
                    tally::add(tally, file.day, batch)?;
                }
                hunt.take(at, batch, limit, &mut best)
            })?;
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
            let Some(file) = files.get(at) else { continue };
            let values = self.whole_rows(file, &rows, hunt.denied)?;
            read.extend(rows.into_iter().map(|row| (at, row)).zip(values));
        }
        Ok(found.iter().filter_map(|found| read.remove(&(found.file, found.row))).collect())
    }

    /// Goes through the rows of a file that fit, with these columns and the number of each row in its file. Of columns
    /// that are asked about later only what is left by then is read.
    fn each_batch(&self, file: &DataFile, hunt: &Hunt<'_>, columns: &[&'static str], mut each: impl FnMut(&RecordBatch) -> Result<()>) -> Result<()> {
        let number = Arc::new(Field::new(ROW, DataType::Int64, false).with_extension_type(RowNumber));
        // What is looked for by address stands in few pages: a file is sorted by holder, and a holder's addresses are neighbours.
        let pages = if hunt.tests.iter().any(Test::is_of_pages) { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip };
        let builder = self.builder(file, vec![number], pages)?;
        let groups = test::groups(&builder, &hunt.tests)?;
        if groups.is_empty() {
            return Ok(());
        }
        let selection = pages::selection(builder.metadata(), &groups, &hunt.tests);
        let filter = hunt.row_filter(builder.metadata(), &groups);
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let builder = builder.with_row_groups(groups).with_projection(mask).with_row_filter(filter);
        let builder = match selection {
            Some(selection) => builder.with_row_selection(selection),
            None => builder,
        };
        for batch in builder.build()? {
            each(&batch?)?;
        }
        Ok(())
    }

    /// Some rows of a file, which come in order, with all columns.
    fn whole_rows(&self, file: &DataFile, rows: &[usize], denied: &[Denied]) -> Result<Vec<Vec<Value>>> {
        let builder = self.builder(file, Vec::new(), PageIndexPolicy::Skip)?;
        let (mut groups, mut selection, mut first) = (Vec::new(), Vec::new(), 0);
        for (at, group) in builder.metadata().row_groups().iter().enumerate() {
            let size = usize::try_from(group.num_rows()).unwrap_or(0);
            let here = rows.iter().filter(|row| (first..first + size).contains(*row)).map(|row| row - first..row - first + 1);
            let here = RowSelection::from_consecutive_ranges(here, size);
            if here.selects_any() {
                groups.push(at);
                selection.extend(here.iter().copied());
            }
            first += size;
        }
        let batches = builder.with_row_groups(groups).with_row_selection(selection.into()).build()?;
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

    fn builder(&self, file: &DataFile, more: Vec<FieldRef>, pages: PageIndexPolicy) -> Result<ParquetRecordBatchReaderBuilder<File>> {
        let options = ArrowReaderOptions::new().with_schema(schema::arrow()).with_virtual_columns(more)?.with_page_index_policy(pages);
        Ok(ParquetRecordBatchReaderBuilder::try_new_with_options(self.data_file(&file.path)?, options)?.with_batch_size(BATCH))
    }
}

/// No rows, with the names of all columns.
fn nothing() -> Rows {
    Rows { names: text::EVENT.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
}

/// Files day by day, the newest first.
fn by_day(mut files: Vec<DataFile>) -> Vec<Vec<DataFile>> {
    files.sort_by_key(|file| Reverse(file.day));
    files.chunk_by(|a, b| a.day == b.day).map(<[DataFile]>::to_vec).collect()
}

impl<'a> Hunt<'a> {
    /// `None` where nothing can fit.
    fn of(view: &'a View, question: &Question, filter: &Filter, sight: &Sight, after: Option<After>) -> Option<Self> {
        if matches!(sight, Sight::Holders(holders) if holders.is_empty()) || filter.span.from >= filter.span.until {
            return None;
        }
        let mut tests: Vec<Test> = tests(matches!(question, Question::Event { .. }), filter, sight).chain(event(question)).collect();
        tests.sort_by_key(Test::place);
        Some(Self { tests, denied: view.denied(), after })
    }

    /// All that fit.
    fn all(view: &'a View, filter: &Filter, sight: &Sight) -> Option<Self> {
        Self::of(view, &Question::Tally { filter: filter.clone() }, filter, sight, None)
    }

    /// What leaves the rows that fit of some groups of rows. What all of them meet is not asked.
    fn row_filter(&self, metadata: &ParquetMetaData, groups: &[usize]) -> RowFilter {
        let schema = metadata.file_metadata().schema_descr();
        let mut predicates: Vec<Box<dyn ArrowPredicate>> = Vec::new();
        for test in &self.tests {
            if !test.is_met(groups.iter().filter_map(|group| metadata.row_groups().get(*group))) {
                let (mask, test) = (ProjectionMask::columns(schema, [test.column()]), test.clone());
                predicates.push(Box::new(ArrowPredicateFn::new(mask, move |batch| test.fits(&batch).map_err(outward))));
            }
        }
        if !self.denied.is_empty() {
            let (denied, is_by_peer) = (self.denied.to_vec(), self.tests.iter().any(|test| test.column() == "peer_ip"));
            let mask = ProjectionMask::columns(schema, ["holder", "observed", "ip", "peer_ip"]);
            predicates.push(Box::new(ArrowPredicateFn::new(mask, move |batch| {
                let look = Look::at(&batch).map_err(outward)?;
                let stays = |row| !(look.is_hidden(row, &denied) || is_by_peer && look.is_peer_hidden(row, &denied));
                Ok((0..batch.num_rows()).map(|row| Some(stays(row))).collect())
            })));
        }
        RowFilter::new(predicates)
    }

    /// Keeps the rows of a batch that are newer than what was found before.
    fn take(&self, file: usize, batch: &RecordBatch, limit: usize, best: &mut BinaryHeap<Reverse<Found>>) -> Result<()> {
        let (events, holders) = (column(batch, "event")?.as_fixed_size_binary(), column(batch, "holder")?.as_primitive::<Int64Type>().values());
        let observed = column(batch, "observed")?.as_primitive::<TimestampMicrosecondType>().values();
        let rows = column(batch, ROW)?.as_primitive::<Int64Type>().values();
        for (at, ((observed, holder), row)) in observed.iter().zip(holders).zip(rows).enumerate() {
            let event = events.value(at).try_into().unwrap_or_default();
            let found = Found { observed: *observed, event, holder: *holder, file, row: usize::try_from(*row).unwrap_or(usize::MAX) };
            let is_before = self.after.is_none_or(|after| (found.observed, found.event, found.holder) < (after.observed, after.event, after.holder));
            if is_before && (best.len() < limit || best.peek().is_some_and(|Reverse(least)| *least < found)) {
                best.push(Reverse(found));
                if best.len() > limit {
                    best.pop();
                }
            }
        }
        Ok(())
    }
}

fn outward(error: Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
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
        Sight::Holders(holders) => {
            let mut any = holders.clone();
            any.sort_unstable();
            Some(Test::Among { column: "holder", any })
        }
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
