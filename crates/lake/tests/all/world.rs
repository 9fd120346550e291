//! A small world for the tests: made-up events, a place, and what is in its files.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int64Type, TimestampMicrosecondType};
use formats::feed::{Events, KeyPart, Row, Source};
use lake::{Holder, Holders, Intake, Lake, Receipt, Resource, Settings, Start};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

pub const DAY: i64 = 86_400_000_000;
pub const TODAY: i64 = 20_700 * DAY;

/// A made-up event: its number says everything about it.
pub fn row(number: u64) -> Row {
    let n = i64::try_from(number).unwrap();
    let mut ip = [0; 16];
    ip[10] = 0xff;
    ip[11] = 0xff;
    ip[12..].copy_from_slice(&[198, 18, u8::try_from(n / 256 % 256).unwrap(), u8::try_from(n % 256).unwrap()]);
    Row {
        observed: TODAY + n % 3 * DAY + n % 86_400 * 1_000_000,
        ip,
        port: i32::try_from(n % 7).unwrap(),
        asn: 64_500 + n % 5,
        country: ["AT", "CZ", "", "SI"][usize::try_from(n % 4).unwrap()].into(),
        class: "vulnerable".into(),
        r#type: ["ddos-amplifier", "weak-crypto"][usize::try_from(n % 2).unwrap()].into(),
        identifier: format!("open-{}", n % 3),
        domain: if n % 5 == 0 { format!("host-{n}.example.net") } else { String::new() },
        severity: i8::try_from(n % 5).unwrap(),
        tlp: ["AMBER", "GREEN"][usize::try_from(n % 2).unwrap()].into(),
        extra: if n % 3 == 0 { format!("{{\"number\":{n}}}") } else { String::new() },
        ..Row::default()
    }
}

/// The event as another sensor saw it: all that need not be the same is not. `of`: which sensor.
pub fn seen_by(number: u64, of: u8) -> Row {
    let seen = row(number);
    let later = i64::from(of.wrapping_mul(37) % 5);
    Row {
        observed: seen.observed - seen.observed % DAY + (i64::try_from(number % 600).unwrap() + later) * 1_000_000,
        count: 1 + i32::from(of % 3),
        country: ["AT", "CZ"][usize::from(of % 2)].into(),
        extra: format!("{{\"sensor\":{of}}}"),
        ..seen
    }
}

/// A batch of the events with these numbers.
pub fn batch(numbers: &[u64]) -> Events {
    batch_of(numbers.iter().map(|number| row(*number)))
}

/// A batch of rows.
pub fn batch_of(rows: impl Iterator<Item = Row>) -> Events {
    let mut events = Events::new(Source { feed: "example".into(), kind: "scan_dns".into(), mapping: 1, key: KeyPart::DEFAULT.into() });
    for (line, row) in (1..).zip(rows) {
        events.push(&Row { line, ..row });
    }
    events
}

/// Two networks, one in the other, a domain and an AS.
pub fn holders() -> Arc<Holders> {
    let whole = |id, resource| Holder { id, resource, from: 0, until: i64::MAX };
    let network = |text: &str| Resource::Network(text.parse().unwrap());
    let resources = [
        whole(1, network("198.18.0.0/15")),
        whole(2, network("198.18.1.0/24")),
        whole(3, Resource::Domain("example.net".into())),
        whole(4, Resource::Asn(64_502)),
    ];
    Arc::new(Holders::compile(1, resources))
}

pub fn open(place: &Path, scratch: &Path, rows: usize) -> Lake {
    let settings = Settings { place: place.to_str().unwrap(), options: Vec::new(), scratch, key: [7; 16], now: TODAY, table: "test", begin: true, rows };
    Lake::open(&settings).unwrap()
}

pub fn start(lake: &Lake, file: u64, nonce: u64) -> Intake {
    let mut sha = [0; 32];
    sha[..8].copy_from_slice(&file.to_le_bytes());
    lake.intake(Start { sha, file: i64::try_from(file).unwrap(), now: TODAY, nonce }, holders()).unwrap()
}

/// Takes in one file, in batches of some size.
pub fn take(lake: &Lake, file: u64, nonce: u64, numbers: &[u64], size: usize) -> Receipt {
    let mut intake = start(lake, file, nonce);
    for numbers in numbers.chunks(size) {
        intake.take(&batch(numbers)).unwrap();
    }
    intake.commit().unwrap()
}

/// All rows of the table.
pub fn rows(lake: &Lake, place: &Path) -> Vec<RecordBatch> {
    let mut rows = Vec::new();
    for path in lake.data_files().unwrap().keys() {
        let file = std::fs::File::open(place.join(path)).unwrap();
        rows.extend(ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().map(Result::unwrap));
    }
    rows
}

/// What is in the table: of each row its event, rank, holder and everything else but where it stood. No row may be there
/// twice.
pub fn content(lake: &Lake, place: &Path) -> BTreeSet<(Vec<u8>, i8, i64, String)> {
    let mut all = BTreeSet::new();
    for batch in rows(lake, place) {
        let events = batch.column_by_name("event").unwrap().as_fixed_size_binary();
        let ranks = batch.column_by_name("rank").unwrap().as_primitive::<Int8Type>();
        let holders = batch.column_by_name("holder").unwrap().as_primitive::<Int64Type>();
        let said = text(&batch);
        for (row, said) in said.lines().enumerate() {
            let there = !all.insert((events.value(row).to_vec(), ranks.value(row), holders.value(row), said.to_owned()));
            assert!(!there, "a row is in the table twice");
        }
    }
    let once: BTreeSet<_> = all.iter().map(|(event, rank, ..)| (event.clone(), *rank)).collect();
    assert_eq!(once.len(), all.len(), "an event is in the table with two rows of one rank");
    all
}

/// The rows as lines of JSON, without where they stood. Instants without their zone, which the writer does not know.
fn text(batch: &RecordBatch) -> String {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).filter(|(field, _)| !["file", "line"].contains(&field.name().as_str()));
    let plain = columns.map(|(field, column)| {
        let instants = column.as_primitive_opt::<TimestampMicrosecondType>();
        let plain = instants.map_or_else(|| Arc::clone(column), |instants| Arc::new(instants.clone().with_timezone_opt(None::<&str>)));
        (field.name().clone(), plain)
    });
    let mut lines = arrow_json::LineDelimitedWriter::new(Vec::new());
    lines.write(&RecordBatch::try_from_iter(plain).unwrap()).unwrap();
    lines.finish().unwrap();
    String::from_utf8(lines.into_inner()).unwrap()
}
