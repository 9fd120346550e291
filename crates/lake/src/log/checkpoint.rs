//! Checkpoints: the whole state in one Parquet file, so that a reader need not walk through every
//! commit. The rows are the actions themselves, turned from and to JSON by Arrow.

use super::FOLDER;
use super::action::{self, Action};
use super::snapshot::Snapshot;
use crate::place::Place;
use crate::{Error, Result};
use arrow_array::RecordBatch;
use arrow_json::{LineDelimitedWriter, ReaderBuilder};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
struct Last {
    version: i64,
    size: i64,
}

/// The newest checkpoint's version.
pub(super) fn last(place: &Place) -> Result<Option<i64>> {
    let Some(bytes) = place.read(&format!("{FOLDER}/_last_checkpoint"))? else { return Ok(None) };
    // It is a hint; one that cannot be read is none.
    Ok(serde_json::from_slice::<Last>(&bytes).ok().map(|last| last.version))
}

pub(super) fn write(place: &Place, snapshot: &Snapshot) -> Result<()> {
    let mut actions = vec![Action::Protocol(snapshot.protocol.clone())];
    actions.extend(snapshot.metadata.iter().map(|metadata| Action::MetaData(metadata.as_ref().clone())));
    actions.extend(snapshot.txns.values().cloned().map(Action::Txn));
    actions.extend(snapshot.files.values().map(|add| Action::Add(add.as_ref().clone())));
    actions.extend(snapshot.removed.values().cloned().map(Action::Remove));
    let size = i64::try_from(actions.len()).unwrap_or(i64::MAX);
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema(), Some(properties))?;
    for batch in ReaderBuilder::new(schema()).build(Cursor::new(action::write(&actions)?))? {
        writer.write(&batch?)?;
    }
    place.put(&path(snapshot.version), &writer.into_inner()?)?;
    let last = serde_json::to_vec(&Last { version: snapshot.version, size }).map_err(|error| Error::damaged("checkpoint", error))?;
    place.put(&format!("{FOLDER}/_last_checkpoint"), &last)
}

pub(super) fn read(place: &Place) -> Result<Option<Snapshot>> {
    let Some(version) = last(place)? else { return Ok(None) };
    let Some(bytes) = place.read(&path(version))? else { return Ok(None) };
    let batches = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes))?.build()?;
    let mut snapshot = Snapshot::empty();
    for batch in batches {
        snapshot.apply(version, action::read(&path(version), &lines(&batch?)?)?);
    }
    Ok(Some(snapshot))
}

fn lines(batch: &RecordBatch) -> Result<Vec<u8>> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(batch)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

fn path(version: i64) -> String {
    format!("{FOLDER}/{version:020}.checkpoint.parquet")
}

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let long = |name: &str| Field::new(name, DataType::Int64, true);
    let int = |name: &str| Field::new(name, DataType::Int32, true);
    let flag = |name: &str| Field::new(name, DataType::Boolean, true);
    let entry = Fields::from(vec![Field::new("key", DataType::Utf8, false), text("value")]);
    let map = |name: &str| Field::new(name, DataType::Map(Arc::new(Field::new("key_value", DataType::Struct(entry.clone()), false)), false), true);
    let list = |name: &str| Field::new(name, DataType::List(Arc::new(text("element"))), true);
    let group = |name: &str, fields: Vec<Field>| Field::new(name, DataType::Struct(fields.into()), true);
    let format = group("format", vec![text("provider"), map("options")]);
    let metadata = vec![text("id"), format, text("schemaString"), list("partitionColumns"), map("configuration"), long("createdTime")];
    let add = vec![text("path"), map("partitionValues"), long("size"), long("modificationTime"), flag("dataChange"), map("tags"), text("stats")];
    let remove = vec![text("path"), long("deletionTimestamp"), flag("dataChange"), flag("extendedFileMetadata"), map("partitionValues"), long("size")];
    Arc::new(Schema::new(vec![
        group("txn", vec![text("appId"), long("version"), long("lastUpdated")]),
        group("add", add),
        group("remove", remove),
        group("metaData", metadata),
        group("protocol", vec![int("minReaderVersion"), int("minWriterVersion")]),
    ]))
}

#[cfg(test)]
mod tests {
    use super::super::action::{Add, Txn};
    use super::super::{Snapshot, begin};
    use super::{Action, read, write};
    use crate::place::Place;
    use std::collections::BTreeMap;

    const DAY: i64 = 24 * 3_600_000;

    #[test]
    fn a_checkpoint_does_not_tell_of_every_file_that_ever_came() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::open(folder.path().to_str().unwrap(), &[]).unwrap();
        begin(&place, 0, "test").unwrap();
        let mut snapshot = super::super::read(&place).unwrap();
        let add = |n: i64| Add {
            path: format!("day=2026-01-01/{n}.parquet"),
            partition_values: BTreeMap::from([("day".to_owned(), Some("2026-01-01".to_owned()))]),
            size: 1,
            modification_time: 0,
            data_change: true,
            stats: None,
            tags: BTreeMap::new(),
        };
        // Four files a day over two years; each day's data files are written anew a day later.
        let days = 730;
        for n in 0..4 * days {
            let at = n / 4 * DAY;
            let mut actions = vec![Action::commit_info(at * 1000, "WRITE", &serde_json::Map::new()), Action::Add(add(n))];
            actions.push(Action::Txn(Txn { app_id: format!("{n:064x}"), version: n + 1, last_updated: Some(at) }));
            actions.extend((n >= 4).then(|| Action::Remove(add(n - 4).remove(at * 1000, false))));
            snapshot.apply(n + 1, actions);
        }
        snapshot.let_go();
        write(&place, &snapshot).unwrap();
        let kept: Snapshot = read(&place).unwrap().unwrap();
        assert_eq!((kept.files.len(), kept.removed.len()), (4, 4 * 8), "live files, and a week of removed ones");
        assert_eq!(kept.txns.len(), 1000, "the newest, of a quarter 364");
        assert!(kept.txns.contains_key(&format!("{:064x}", 4 * days - 1)) && !kept.txns.contains_key(&format!("{:064x}", 0)));

        // Where more come, a quarter of a year is kept.
        for n in 0..20_000 {
            let txn = Txn { app_id: format!("busy {n}"), version: 4 * days + n, last_updated: Some((days + n / 100) * DAY) };
            snapshot.apply(4 * days + n, vec![Action::commit_info((days + n / 100) * DAY * 1000, "WRITE", &serde_json::Map::new()), Action::Txn(txn)]);
        }
        snapshot.let_go();
        assert_eq!(snapshot.txns.len(), 91 * 100);
    }
}
