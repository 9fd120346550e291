//! What is done every night: small files of a day become large ones, old days go, and so do files that
//! nobody needs any more.

use crate::data::{self, Batches, Names, write_all};
use crate::key;
use crate::lake::{Lake, files_of};
use crate::log::{self, Action};
use crate::rewrite::{Rewrite, Rewritten, day_of};
use crate::{Result, schema};
use serde_json::Map;
use std::collections::BTreeMap;

/// A file of this many rows is left alone.
const LARGE: u64 = 4 << 20;

impl Lake {
    /// Days before `day` that have several small files, and how many.
    pub fn scattered(&self, day: i32) -> Result<BTreeMap<i32, usize>> {
        let state = self.newest()?;
        let mut days: BTreeMap<i32, usize> = BTreeMap::new();
        for add in state.snapshot.files.values().filter(|add| add.rows() < LARGE) {
            if let Some(of) = day_of(add).filter(|of| *of < day) {
                *days.entry(of).or_default() += 1;
            }
        }
        days.retain(|_, files| *files > 1);
        Ok(days)
    }

    /// Writes the small files of a day as few large ones. What was erased stays masked in them until
    /// [`Lake::expunge`] takes it: an event's rows may lie in several files. `nonce`: random, as in [`crate::Start`]. `None`: there was nothing to do, or another was quicker.
    pub fn compact(&self, day: i32, now: i64, nonce: u64) -> Result<Option<Rewritten>> {
        let old: Vec<_> = files_of(&self.newest()?.snapshot, day).filter(|add| add.rows() < LARGE).cloned().collect();
        if old.len() < 2 {
            return Ok(None);
        }
        let folder = self.folder()?;
        let rows = old.iter().map(|add| add.rows()).sum::<u64>();
        let streams: Result<Vec<Batches>> = old.iter().map(|add| data::read(self.file(add)?, None)).collect();
        let new = write_all(&folder, day, usize::try_from(rows).unwrap_or(usize::MAX), now, streams?, &Names::new(nonce))?;
        self.rewrite(Rewrite { operation: "OPTIMIZE", now, old, new, changes: false, denied: None, about: Map::new() })
    }

    /// Lets go of all days before one. The bytes go with [`Lake::vacuum`].
    pub fn drop_before(&self, day: i32, now: i64) -> Result<Option<Rewritten>> {
        let mut old = Vec::new();
        let version = self.commit(|state| {
            old = state.snapshot.files.values().filter(|add| day_of(add).is_some_and(|of| of < day)).cloned().collect();
            if old.is_empty() {
                return Ok(None);
            }
            let mut actions = vec![Action::commit_info(now, "DELETE", &Map::new())];
            actions.extend(old.iter().map(|add| Action::Remove(add.remove(now, true))));
            Ok(Some(actions))
        })?;
        let Some(version) = version else { return Ok(None) };
        let mut state = self.state();
        let mut days: Vec<i32> = old.iter().filter_map(|add| day_of(add)).collect();
        days.dedup();
        days.into_iter().try_for_each(|day| state.index.forget(day))?;
        Ok(Some(Rewritten { version, removed: old.iter().map(|add| add.path.clone()).collect(), added: Vec::new() }))
    }

    /// Removes the bytes of files that are no part of the table since before an instant (microseconds):
    /// let go, rewritten, or left behind by a writer who died. No intake and no question may take longer
    /// than from then to now; a day is enough. Returns how many files went.
    pub fn vacuum(&self, before: i64) -> Result<u64> {
        self.must_write()?;
        let (live, removed) = {
            let state = self.newest()?;
            (state.snapshot.files.clone(), state.snapshot.removed.clone())
        };
        let before = before / 1000;
        let mut gone = 0;
        for entry in self.inner.place.list("", None)? {
            let name = entry.path.rsplit('/').next().unwrap_or_default();
            let is_data = entry.path.starts_with(schema::DAY) && entry.path.contains('=');
            if live.contains_key(&entry.path) || !(is_data || name.starts_with(".draft")) {
                continue;
            }
            let since = removed.get(&entry.path).and_then(|remove| remove.deletion_timestamp).unwrap_or(entry.modified);
            if since < before {
                self.inner.place.delete(&entry.path)?;
                gone += 1;
            }
        }
        // A commit is told of for a month.
        log::forget(&self.inner.place, before - 30 * key::DAY / 1000)?;
        Ok(gone)
    }
}
