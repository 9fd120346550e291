//! The state of the table after a commit: its live files, what was done, what was let go.

use super::action::{Action, Add, Denied, MetaData, Protocol, Remove, Txn};
use crate::{Error, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How long the log tells of a removed file (milliseconds): what readers of an older state may still want.
const TOMBSTONES: i64 = 7 * 24 * 3_600_000;

/// How long it tells that an event file is in, and of how many of the newest it tells whatever their age: by these a table
/// is known as ours. Who comes with the same file later finds each of its events known.
pub(super) const TRANSACTIONS_DAYS: i64 = 90;
const NEWEST: usize = 1000;

#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    /// -1: nothing yet.
    pub version: i64,
    pub protocol: Protocol,
    pub metadata: Option<Arc<MetaData>>,
    /// By path, and so by day.
    pub files: Arc<BTreeMap<String, Arc<Add>>>,
    pub txns: Arc<HashMap<String, Txn>>,
    /// Removed files whose bytes may still be there.
    pub removed: Arc<BTreeMap<String, Remove>>,
    /// When the newest commit was made, in milliseconds.
    pub at: i64,
}

impl Snapshot {
    pub fn empty() -> Self {
        Self {
            version: -1,
            protocol: Protocol { min_reader_version: 1, min_writer_version: 2 },
            metadata: None,
            files: Arc::default(),
            txns: Arc::default(),
            removed: Arc::default(),
            at: 0,
        }
    }

    pub fn apply(&mut self, version: i64, actions: Vec<Action>) {
        self.version = version;
        for action in actions {
            match action {
                Action::Protocol(protocol) => self.protocol = protocol,
                Action::MetaData(metadata) => self.metadata = Some(Arc::new(metadata)),
                Action::Add(add) => {
                    Arc::make_mut(&mut self.removed).remove(&add.path);
                    Arc::make_mut(&mut self.files).insert(add.path.clone(), Arc::new(add));
                }
                Action::Remove(remove) => {
                    Arc::make_mut(&mut self.files).remove(&remove.path);
                    Arc::make_mut(&mut self.removed).insert(remove.path.clone(), remove);
                }
                Action::Txn(txn) => {
                    Arc::make_mut(&mut self.txns).insert(txn.app_id.clone(), txn);
                }
                Action::CommitInfo(info) => self.at = info.get("timestamp").and_then(serde_json::Value::as_i64).unwrap_or(self.at),
            }
        }
    }

    /// Lets go of what the log need not tell any more; otherwise each checkpoint would tell of every file that ever was.
    pub fn let_go(&mut self) {
        let since = self.at.saturating_sub(TOMBSTONES);
        Arc::make_mut(&mut self.removed).retain(|_, remove| remove.deletion_timestamp.is_none_or(|at| at >= since));
        if self.txns.len() > NEWEST {
            let since = self.at.saturating_sub(TRANSACTIONS_DAYS * 24 * 3_600_000);
            let mut versions: Vec<i64> = self.txns.values().map(|txn| txn.version).collect();
            let newest = *versions.select_nth_unstable_by(NEWEST - 1, |a, b| b.cmp(a)).1;
            Arc::make_mut(&mut self.txns).retain(|_, txn| txn.version >= newest || txn.last_updated.is_none_or(|at| at >= since));
        }
    }

    /// Whether we may read and write it.
    pub fn check(&self, what: &str) -> Result<()> {
        let (reader, writer) = (self.protocol.min_reader_version, self.protocol.min_writer_version);
        if reader > 1 || writer > 2 {
            return Err(Error::damaged(what, format!("the table asks for reader {reader} and writer {writer} of the Delta protocol; 1 and 2 are understood")));
        }
        if self.metadata.is_none() {
            return Err(Error::damaged(what, "the log names no schema"));
        }
        Ok(())
    }

    /// What the table is called.
    pub fn id(&self) -> &str {
        self.metadata.as_ref().map_or("", |metadata| metadata.id.as_str())
    }

    pub fn denied(&self) -> Result<Vec<Denied>> {
        self.metadata.as_ref().map_or_else(|| Ok(Vec::new()), |metadata| metadata.denied())
    }
}
