//! The events of one holder, read straight from the files of some days: for whoever sums them up and
//! needs no engine for it. Files, row groups and pages without a row of the holder are passed over, and
//! of the rest a few columns are read, a batch at a time.

use crate::data::{BATCH, Batches};
use crate::erase::without;
use crate::key::EventId;
use crate::lake::{Lake, files_of};
use crate::log::Add;
use crate::query::DataFile;
use crate::{Error, Result, schema};
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, PrimitiveArray, RecordBatch, StringArray};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter};
use parquet::file::statistics::Statistics;
use std::sync::Arc;

/// The columns that are read.
const COLUMNS: [&str; 22] = [
    "event",
    "holder",
    "observed",
    "file",
    "feed",
    "kind",
    "count",
    "ip",
    "prefix",
    "port",
    "transport",
    "domain",
    "url",
    "asn",
    "peer_ip",
    "class",
    "type",
    "identifier",
    "severity",
    "malware",
    "cve",
    "tlp",
];

/// One event as its holder has it; texts that are not there are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    pub event: EventId,
    /// Microseconds since 1970.
    pub observed: i64,
    /// The event file's number.
    pub file: i64,
    pub feed: &'a str,
    pub kind: &'a str,
    /// Sightings that the source folded into it.
    pub count: i32,
    pub ip: Option<[u8; 16]>,
    /// The length of a network; `None` for an address.
    pub prefix: Option<i8>,
    pub port: Option<i32>,
    pub transport: &'a str,
    pub domain: &'a str,
    pub url: &'a str,
    pub asn: Option<i64>,
    pub class: &'a str,
    pub r#type: &'a str,
    pub identifier: &'a str,
    /// 0 (info) to 4 (critical).
    pub severity: Option<i8>,
    pub malware: &'a str,
    pub cve: &'a str,
    pub tlp: &'a str,
}

impl Lake {
    /// Hands on the events of a holder on some days (since 1970), as they are now: what was erased is not
    /// there. Within a file they are in the order of their time. `each` says whether it wants more.
    pub fn events_of(&self, holder: i64, days: &[i32], mut each: impl FnMut(&Event<'_>) -> bool) -> Result<()> {
        let (files, denied) = {
            let state = self.newest()?;
            let mut files: Vec<Arc<Add>> = Vec::new();
            for day in days {
                files.extend(files_of(&state.snapshot, *day).filter(|add| may_hold(add, holder)).cloned());
            }
            (files, state.snapshot.denied()?)
        };
        for add in files {
            for batch in without(self.rows_of(&add, holder)?, &denied) {
                let batch = batch?;
                let rows = Columns::of(&batch)?;
                for row in 0..batch.num_rows() {
                    if !each(&rows.event(row)) {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn rows_of(&self, add: &Add, holder: i64) -> Result<Batches> {
        let options = ArrowReaderOptions::new().with_schema(schema::arrow());
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(self.file(add)?, options)?.with_batch_size(BATCH);
        let column = schema::index("holder");
        let groups = builder.metadata().row_groups().iter().enumerate();
        let groups = groups.filter(|(_, group)| group.columns().get(column).and_then(|chunk| chunk.statistics()).is_none_or(|of| spans(of, holder)));
        let groups: Vec<usize> = groups.map(|(at, _)| at).collect();
        let mask = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
        let by = ProjectionMask::columns(builder.parquet_schema(), ["holder"]);
        let mine = ArrowPredicateFn::new(by, move |batch: RecordBatch| {
            let holders = batch.column(0).as_primitive::<Int64Type>();
            Ok(holders.iter().map(|of| Some(of == Some(holder))).collect::<BooleanArray>())
        });
        let rows = builder.with_row_groups(groups).with_projection(mask).with_row_filter(RowFilter::new(vec![Box::new(mine)]));
        Ok(Box::new(rows.build()?.map(|batch| batch.map_err(Error::from))))
    }
}

fn may_hold(add: &Add, holder: i64) -> bool {
    DataFile::of(add).is_none_or(|file| file.holders.0 <= holder && holder <= file.holders.1)
}

fn spans(statistics: &Statistics, holder: i64) -> bool {
    let Statistics::Int64(of) = statistics else { return true };
    of.min_opt().is_none_or(|min| *min <= holder) && of.max_opt().is_none_or(|max| holder <= *max)
}

/// A batch, column by column.
struct Columns<'a> {
    events: &'a FixedSizeBinaryArray,
    observed: &'a PrimitiveArray<TimestampMicrosecondType>,
    files: &'a PrimitiveArray<Int64Type>,
    counts: &'a PrimitiveArray<Int32Type>,
    ips: &'a FixedSizeBinaryArray,
    prefixes: &'a PrimitiveArray<Int8Type>,
    ports: &'a PrimitiveArray<Int32Type>,
    asns: &'a PrimitiveArray<Int64Type>,
    severities: &'a PrimitiveArray<Int8Type>,
    domains: &'a StringArray,
    urls: &'a StringArray,
    cves: &'a StringArray,
    words: [Words<'a>; 8],
}

/// A column of words that repeat.
struct Words<'a> {
    keys: &'a DictionaryArray<Int32Type>,
    values: &'a StringArray,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self> {
        let words = |name: &str| -> Result<Words<'a>> {
            let keys = column(batch, name)?.as_dictionary_opt::<Int32Type>().ok_or_else(|| other(name))?;
            Ok(Words { keys, values: keys.values().as_string_opt::<i32>().ok_or_else(|| other(name))? })
        };
        let texts = |name: &str| column(batch, name)?.as_string_opt::<i32>().ok_or_else(|| other(name));
        let bytes = |name: &str| column(batch, name)?.as_fixed_size_binary_opt().ok_or_else(|| other(name));
        Ok(Self {
            events: bytes("event")?,
            observed: numbers(batch, "observed")?,
            files: numbers(batch, "file")?,
            counts: numbers(batch, "count")?,
            ips: bytes("ip")?,
            prefixes: numbers(batch, "prefix")?,
            ports: numbers(batch, "port")?,
            asns: numbers(batch, "asn")?,
            severities: numbers(batch, "severity")?,
            domains: texts("domain")?,
            urls: texts("url")?,
            cves: texts("cve")?,
            words: [
                words("feed")?,
                words("kind")?,
                words("transport")?,
                words("class")?,
                words("type")?,
                words("identifier")?,
                words("malware")?,
                words("tlp")?,
            ],
        })
    }

    fn event(&self, row: usize) -> Event<'a> {
        let [feed, kind, transport, class, r#type, identifier, malware, tlp] = self.words.each_ref().map(|words| words.at(row));
        let text = |column: &'a StringArray| if column.is_valid(row) { column.value(row) } else { "" };
        Event {
            event: EventId::from_be_bytes(self.events.value(row).try_into().unwrap_or_default()),
            observed: self.observed.value(row),
            file: self.files.value(row),
            feed,
            kind,
            count: self.counts.value(row),
            ip: self.ips.is_valid(row).then(|| self.ips.value(row).try_into().unwrap_or_default()),
            prefix: number(self.prefixes, row),
            port: number(self.ports, row),
            transport,
            domain: text(self.domains),
            url: text(self.urls),
            asn: number(self.asns, row),
            class,
            r#type,
            identifier,
            severity: number(self.severities, row),
            malware,
            cve: text(self.cves),
            tlp,
        }
    }
}

impl<'a> Words<'a> {
    fn at(&self, row: usize) -> &'a str {
        let at = self.keys.key(row).filter(|at| self.values.is_valid(*at));
        at.map_or("", |at| self.values.value(at))
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| other(name))
}

fn numbers<'a, T: ArrowPrimitiveType>(batch: &'a RecordBatch, name: &str) -> Result<&'a PrimitiveArray<T>> {
    column(batch, name)?.as_primitive_opt::<T>().ok_or_else(|| other(name))
}

fn number<T: ArrowPrimitiveType>(column: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
    column.is_valid(row).then(|| column.value(row))
}

fn other(name: &str) -> Error {
    Error::damaged("data file", format!("the column {name} is another one"))
}
