//! Some data files in the place of others, in one commit. Intakes go on meanwhile: they only add files.
//! If somebody else rewrote one of the old files first, or more was erased, nothing is done.

use crate::data::Written;
use crate::lake::{Lake, State};
use crate::log::{Action, Add, Denied};
use crate::rollup::Rollup;
use crate::{Result, key, schema};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a rewriting changed. Whoever keeps sums by data file takes those of `removed` away and adds
/// those of `added`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rewritten {
    pub version: i64,
    pub removed: Vec<String>,
    pub added: Vec<(String, Rollup)>,
}

/// A rewriting that is ready.
pub(crate) struct Rewrite<'a> {
    pub operation: &'a str,
    pub now: i64,
    pub old: Vec<Arc<Add>>,
    pub new: Vec<Written>,
    /// Whether rows are other ones now, and not only in other files.
    pub changes: bool,
    /// Where rows get other holders: what had been erased by then. If more is by now, they may show it, and nothing is done.
    pub denied: Option<&'a [Denied]>,
    pub about: Map<String, Value>,
}

impl Lake {
    /// `None`: another was quicker; the new files are gone again.
    pub(crate) fn rewrite(&self, rewrite: Rewrite<'_>) -> Result<Option<Rewritten>> {
        let Rewrite { operation, now, old, new, changes, denied, about } = rewrite;
        self.must_be_here()?;
        self.adopt(new.iter())?;
        let mut mirrored = BTreeMap::new();
        let version = self.commit(|state| {
            if !old.iter().all(|add| state.snapshot.files.contains_key(&add.path)) {
                return Ok(None);
            }
            if let Some(denied) = denied
                && state.snapshot.denied()? != denied
            {
                return Ok(None);
            }
            mirrored = mirrored_days(state, &old)?;
            let mut actions = vec![Action::commit_info(now, operation, &about)];
            actions.extend(old.iter().map(|add| Action::Remove(add.remove(now, changes))));
            actions.extend(new.iter().map(|file| Action::Add(Add { data_change: changes, ..file.add.clone() })));
            Ok(Some(actions))
        })?;
        let Some(version) = version else {
            new.iter().try_for_each(|file| self.inner.place.delete(&file.add.path))?;
            return Ok(None);
        };
        self.note_rewritten(&new, &mirrored);
        let removed = old.iter().map(|add| add.path.clone()).collect();
        let added = new.into_iter().map(|file| (file.add.path, file.rollup)).collect();
        Ok(Some(Rewritten { version, removed, added }))
    }

    /// The sets of event ids hold what is in the new files, if they held what was in the old ones.
    fn note_rewritten(&self, new: &[Written], mirrored: &BTreeMap<i32, bool>) {
        let mut state = self.state();
        for (day, _) in mirrored.iter().filter(|(_, all)| **all) {
            let files = new.iter().filter(|file| file.day == *day).map(|file| file.add.path.clone());
            let noted = state.index.day(*day).and_then(|set| set.mirror(std::iter::empty(), files));
            if let Err(error) = noted {
                tracing::warn!(%error, "rewritten files were not noted");
            }
        }
    }
}

/// For each day of these files whether all of them are in its set.
fn mirrored_days(state: &mut State, files: &[Arc<Add>]) -> Result<BTreeMap<i32, bool>> {
    let mut days = BTreeMap::new();
    for add in files {
        if let Some(day) = day_of(add) {
            let all = days.entry(day).or_insert(true);
            *all = *all && state.index.day(day)?.mirrored.contains(&add.path);
        }
    }
    Ok(days)
}

pub(crate) fn day_of(add: &Add) -> Option<i32> {
    add.partition_values.get(schema::DAY)?.as_deref().and_then(key::parse_date)
}
