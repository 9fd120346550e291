//! The `[events]` table: where event files may be dropped, how large they may be, and how long events are kept.

use std::path::PathBuf;

use super::source::Table;

/// The `[events]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Events {
    /// A folder with one folder for each feed; what is put there is taken in.
    pub drop: Option<PathBuf>,
    /// Bytes of one event file.
    pub max_file_bytes: u64,
    /// After so many years events are let go; without it they are kept.
    pub keep_years: Option<i64>,
}

impl Default for Events {
    fn default() -> Self {
        Self { drop: None, max_file_bytes: 32 << 30, keep_years: None }
    }
}

impl Events {
    pub(super) fn read(table: Table<'_>) -> Self {
        let plain = Self::default();
        let drop = table.get("drop").and_then(|item| item.text()).map(PathBuf::from);
        let max_file_bytes = table.get("max_file_bytes").and_then(|item| item.whole(1..=1 << 42)).unwrap_or(plain.max_file_bytes);
        let keep_years = table.get("keep_years").and_then(|item| item.whole(1..=100));
        let events = Self { drop, max_file_bytes, keep_years };
        table.close();
        events
    }
}
