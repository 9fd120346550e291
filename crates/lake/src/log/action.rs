//! The actions of a commit, as the protocol spells them: one JSON object a line. Actions and fields
//! that we do not know are passed over; whether that is allowed is what `protocol` says.

use crate::{Error, Result, key, schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    Protocol(Protocol),
    MetaData(MetaData),
    Add(Add),
    Remove(Remove),
    Txn(Txn),
    CommitInfo(Map<String, Value>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Protocol {
    pub min_reader_version: i32,
    pub min_writer_version: i32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetaData {
    pub id: String,
    #[serde(default)]
    pub format: Format,
    pub schema_string: String,
    #[serde(default)]
    pub partition_columns: Vec<String>,
    #[serde(default)]
    pub configuration: BTreeMap<String, String>,
    pub created_time: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Format {
    pub provider: String,
    #[serde(default)]
    pub options: BTreeMap<String, String>,
}

impl Default for Format {
    fn default() -> Self {
        Self { provider: "parquet".into(), options: BTreeMap::new() }
    }
}

/// One data file of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Add {
    /// Relative to the table.
    pub path: String,
    #[serde(default)]
    pub partition_values: BTreeMap<String, Option<String>>,
    pub size: i64,
    pub modification_time: i64,
    /// `false`: the same rows as in files that the same commit removes.
    pub data_change: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Remove {
    pub path: String,
    pub deletion_timestamp: Option<i64>,
    pub data_change: bool,
    #[serde(default)]
    pub extended_file_metadata: bool,
    #[serde(default)]
    pub partition_values: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub size: Option<i64>,
}

/// What an application has done, once: here that an event file is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Txn {
    pub app_id: String,
    /// The commit that it came with.
    pub version: i64,
    pub last_updated: Option<i64>,
}

/// Whose events nobody sees any more, up to an instant. It stands in the table's configuration, so
/// that it holds from the very commit on, for every writer and reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Denied {
    /// First and last address, 32 hexadecimal digits each.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub range: Option<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holder: Option<i64>,
    /// Events observed before this are meant, in microseconds.
    pub before: i64,
}

impl Denied {
    /// First and last address; `None` if it is about a holder.
    pub fn addresses(&self) -> Option<([u8; 16], [u8; 16])> {
        let read = |text: &str| u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes);
        let (first, last) = self.range.as_ref()?;
        read(first).zip(read(last))
    }
}

impl MetaData {
    pub fn new(now: i64, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            format: Format::default(),
            schema_string: schema::delta(),
            partition_columns: vec![schema::DAY.to_owned()],
            configuration: BTreeMap::from([(
                "delta.setTransactionRetentionDuration".to_owned(),
                format!("interval {} days", super::snapshot::TRANSACTIONS_DAYS),
            )]),
            created_time: Some(now / 1000),
        }
    }

    const DENIED: &str = "atalaya.denied";

    /// An entry that cannot be understood is refused with the whole: passed over, it would show what was erased.
    pub fn denied(&self) -> Result<Vec<Denied>> {
        let Some(text) = self.configuration.get(Self::DENIED) else { return Ok(Vec::new()) };
        let list: Vec<Denied> = serde_json::from_str(text).map_err(|error| Error::damaged("the list of what was erased", error))?;
        match list.iter().find(|denied| denied.holder.is_some() == denied.addresses().is_some()) {
            Some(denied) => Err(Error::damaged("the list of what was erased", format!("{denied:?} is neither addresses nor a holder"))),
            None => Ok(list),
        }
    }

    pub fn deny(&mut self, denied: &[Denied]) -> Result<()> {
        let text = serde_json::to_string(denied).map_err(|error| Error::damaged("the list of what was erased", error))?;
        self.configuration.insert(Self::DENIED.to_owned(), text);
        Ok(())
    }
}

impl Action {
    pub fn protocol() -> Self {
        Self::Protocol(Protocol { min_reader_version: 1, min_writer_version: 2 })
    }

    /// `now` in microseconds.
    pub fn commit_info(now: i64, operation: &str, more: &Map<String, Value>) -> Self {
        let mut info = Map::new();
        info.insert("timestamp".into(), Value::from(now / 1000));
        info.insert("operation".into(), Value::from(operation));
        info.insert("engineInfo".into(), Value::from(concat!("atalaya-lake/", env!("CARGO_PKG_VERSION"))));
        info.extend(more.clone());
        Self::CommitInfo(info)
    }
}

impl Add {
    /// How many rows the file has, as its statistics say.
    pub fn rows(&self) -> u64 {
        let stats = self.stats.as_deref().and_then(|stats| serde_json::from_str::<Value>(stats).ok());
        stats.and_then(|stats| stats.get("numRecords")?.as_u64()).unwrap_or(0)
    }

    /// Refuses a file that is not below the table, and one whose day is not said: no question would find its rows.
    fn check(&self, commit: &str) -> Result<()> {
        let inside = !self.path.starts_with('/') && !self.path.contains(':') && self.path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        let day = self.partition_values.get(schema::DAY).and_then(|day| key::parse_date(day.as_deref()?));
        if inside && day.is_some() { Ok(()) } else { Err(Error::damaged(commit, format!("the file {:?} is not one of a day of this table", self.path))) }
    }

    pub fn remove(&self, now: i64, data_change: bool) -> Remove {
        Remove {
            path: self.path.clone(),
            deletion_timestamp: Some(now / 1000),
            data_change,
            extended_file_metadata: true,
            partition_values: self.partition_values.clone(),
            size: Some(self.size),
        }
    }
}

pub(super) fn write(actions: &[Action]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for action in actions {
        serde_json::to_writer(&mut out, action).map_err(|error| Error::damaged("commit", error))?;
        out.push(b'\n');
    }
    Ok(out)
}

pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Vec<Action>> {
    let known = ["protocol", "metaData", "add", "remove", "txn", "commitInfo"];
    let mut actions = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        let line: HashMap<String, Value> = serde_json::from_slice(line).map_err(|error| Error::damaged(path, error))?;
        for (name, value) in line.into_iter().filter(|(name, value)| known.contains(&name.as_str()) && !value.is_null()) {
            let action = Value::Object(Map::from_iter([(name, value)]));
            let action = serde_json::from_value(action).map_err(|error| Error::damaged(path, error))?;
            if let Action::Add(add) = &action {
                add.check(path)?;
            }
            actions.push(action);
        }
    }
    Ok(actions)
}
