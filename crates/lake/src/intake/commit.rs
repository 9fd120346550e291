//! The end of an intake: its data files become part of the table in one commit that also says that the
//! event file is in. If other writers committed meanwhile, what they brought is taken out of ours first.

use super::{Counts, Intake, Receipt};
use crate::data::{self, Written, write_all};
use crate::key::{self, EventId};
use crate::lake::{Lake, State, hex};
use crate::log::{self, Action, Txn};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int64Type};
use arrow_array::{BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Ids that are compared at a time.
const SOME: usize = 1 << 16;

impl Intake {
    pub(super) fn land(mut self) -> Result<Receipt> {
        if let Some(receipt) = receipt(&self.lake, &self.start.sha)? {
            return Ok(receipt);
        }
        self.lake.must_be_here()?;
        self.lake.adopt(self.files.iter())?;
        let lake = self.lake.clone();
        self.days.keys().try_for_each(|day| lake.catch_up(*day))?;
        let app = hex(&self.start.sha);
        let version = lake.commit(|state| {
            if state.snapshot.txns.contains_key(&app) {
                return Ok(None);
            }
            self.give_way(state)?;
            Ok(Some(self.actions(&app, state.snapshot.version + 1)))
        })?;
        let Some(version) = version else {
            // Another took in the same file at the same time and was quicker.
            self.files.iter().try_for_each(|file| lake.inner.place.delete(&file.add.path))?;
            return receipt(&lake, &self.start.sha)?.ok_or_else(|| Error::damaged("log", "a transaction went away"));
        };
        self.note();
        let data_files = self.files.into_iter().map(|file| (file.add.path, file.rollup)).collect();
        Ok(Receipt { version, counts: self.counts, before: false, data_files })
    }

    fn actions(&self, app: &str, version: i64) -> Vec<Action> {
        let Counts { stored, duplicate, rows, held } = self.counts;
        let counts = [("stored", stored), ("duplicate", duplicate), ("rows", rows), ("held", held)];
        let metrics: Map<String, Value> = counts.into_iter().map(|(name, count)| (name.to_owned(), Value::from(count))).collect();
        let about = Map::from_iter([("operationMetrics".to_owned(), Value::Object(metrics)), ("holders".to_owned(), Value::from(self.holders.version()))]);
        let txn = Txn { app_id: app.to_owned(), version, last_updated: Some(self.start.now / 1000) };
        let mut actions = vec![Action::commit_info(self.start.now, "WRITE", &about), Action::Txn(txn)];
        actions.extend(self.files.iter().map(|file| Action::Add(file.add.clone())));
        actions
    }

    /// Takes out of our files what others have brought since we asked.
    fn give_way(&mut self, state: &mut State) -> Result<()> {
        let mut lost: BTreeMap<i32, Vec<EventId>> = BTreeMap::new();
        for (day, mark) in &mut self.days {
            let set = self.lake.mirrored(state, *day)?;
            let since = std::mem::replace(mark, set.runs.mark());
            if since == *mark {
                continue;
            }
            // A set that was made anew counts from the beginning.
            let since = if since > *mark { 0 } else { since };
            let mut theirs = Vec::new();
            let mut ours = self.pending.ids(key::first_of(*day)).take_while(|id| id.as_ref().map_or(true, |id| key::day_of(*id) == *day));
            loop {
                let some: Vec<EventId> = ours.by_ref().take(SOME).collect::<Result<_>>()?;
                if some.is_empty() {
                    break;
                }
                set.runs.search(since, some.iter().copied(), |id| theirs.push(id))?;
            }
            theirs.sort_unstable();
            theirs.dedup();
            if !theirs.is_empty() {
                lost.insert(*day, theirs);
            }
        }
        lost.into_iter().try_for_each(|(day, ids)| self.without(day, &ids.into()))
    }

    /// Writes our files of a day anew without some events.
    fn without(&mut self, day: i32, lost: &Arc<[EventId]>) -> Result<()> {
        let (old, kept): (Vec<Written>, Vec<Written>) = std::mem::take(&mut self.files).into_iter().partition(|file| file.day == day);
        self.files = kept;
        for file in &old {
            for batch in data::read(self.lake.file(&file.add)?, Some(&["event", "holder", "rank"]))? {
                self.subtract(&batch?, lost)?;
            }
            let lost = Arc::clone(lost);
            let rest = data::read(self.lake.file(&file.add)?, None)?.map(move |batch| {
                let batch = batch?;
                let stays: Vec<bool> = data::ids(&batch)?.map(|id| lost.binary_search(&id).is_err()).collect();
                filter_record_batch(&batch, &BooleanArray::from(stays)).map_err(Error::from)
            });
            let written = write_all(&self.folder, day, file.rows, self.start.now, vec![Box::new(rest)], &self.names)?;
            self.lake.adopt(written.iter())?;
            self.files.extend(written);
            self.lake.inner.place.delete(&file.add.path)?;
        }
        Ok(())
    }

    fn subtract(&mut self, batch: &RecordBatch, lost: &[EventId]) -> Result<()> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| Error::damaged("data file", "other columns"));
        let holders = column("holder")?.as_primitive::<Int64Type>().values();
        let ranks = column("rank")?.as_primitive::<Int8Type>().values();
        for ((id, holder), rank) in data::ids(batch)?.zip(holders).zip(ranks) {
            if lost.binary_search(&id).is_err() {
                continue;
            }
            self.counts.rows -= 1;
            if *rank == 0 {
                self.counts.stored -= 1;
                self.counts.duplicate += 1;
                self.counts.held -= u64::from(*holder != 0);
            }
        }
        Ok(())
    }

    /// Notes in the sets of event ids what they need not read from the files then. The commit stands
    /// already: trouble here costs reading them later, no more.
    fn note(&mut self) {
        let mut state = self.lake.state();
        for day in self.days.keys() {
            let files = self.files.iter().filter(|file| file.day == *day).map(|file| file.add.path.clone());
            let noted = state.index.day(*day).and_then(|set| set.take_over(&mut self.pending, *day, files));
            if let Err(error) = noted {
                tracing::warn!(%error, "the event ids of a commit were not noted");
                return;
            }
        }
    }
}

/// What became of an event file that is in.
pub(crate) fn receipt(lake: &Lake, sha: &[u8; 32]) -> Result<Option<Receipt>> {
    let (txn, live) = {
        let state = lake.newest()?;
        let Some(txn) = state.snapshot.txns.get(&hex(sha)).cloned() else { return Ok(None) };
        (txn, Arc::clone(&state.snapshot.files))
    };
    let mut receipt = Receipt { version: txn.version, counts: Counts::default(), before: true, data_files: Vec::new() };
    // Old commits are forgotten some day; that the file is in stays.
    for action in log::commit_at(&lake.inner.place, txn.version)?.unwrap_or_default() {
        match action {
            Action::CommitInfo(info) => {
                let count = |name: &str| info.get("operationMetrics").and_then(|metrics| metrics.get(name)).and_then(Value::as_u64).unwrap_or(0);
                receipt.counts = Counts { stored: count("stored"), duplicate: count("duplicate"), rows: count("rows"), held: count("held") };
            }
            Action::Add(add) if live.contains_key(&add.path) => {
                if let Some(rollup) = lake.rollup(&add.path)? {
                    receipt.data_files.push((add.path, rollup));
                }
            }
            _ => (),
        }
    }
    Ok(Some(receipt))
}
