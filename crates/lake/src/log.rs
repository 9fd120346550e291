//! The Delta log: which data files make up the table, as a row of numbered commits that only one
//! writer at a time can add to. This is the part of the Delta protocol (reader 1, writer 2) that a
//! table of appended, rewritten and dropped files needs: `protocol`, `metaData`, `add`, `remove`,
//! `txn`, `commitInfo` and classic checkpoints. Other programs read the table by it.

mod action;
mod checkpoint;
mod snapshot;

pub(crate) use action::{Action, Add, Denied, MetaData, Txn};
pub(crate) use snapshot::Snapshot;

use crate::place::Place;
use crate::{Error, Result};

/// Where the log lies in its place.
pub(crate) const FOLDER: &str = "_delta_log";

/// After how many commits a checkpoint is written: a reader that begins anew reads at most so many.
const CHECKPOINT_EVERY: i64 = 32;

pub(crate) fn path(version: i64) -> String {
    format!("{FOLDER}/{version:020}.json")
}

/// Whether there is a table: its first commit, or a later one or a checkpoint where that one was forgotten.
pub(crate) fn is_there(place: &Place) -> Result<bool> {
    let is_log = |path: &str| ["json", "parquet"].iter().any(|end| path.rsplit('.').next() == Some(end));
    Ok(place.read(&path(0))?.is_some() || place.list(FOLDER, None)?.iter().any(|entry| is_log(&entry.path)))
}

/// Begins a table where there is none. Two that begin at once make one.
pub(crate) fn begin(place: &Place, now: i64, id: &str) -> Result<()> {
    if is_there(place)? {
        return Ok(());
    }
    let actions = [Action::commit_info(now, "CREATE TABLE", &serde_json::Map::new()), Action::protocol(), Action::MetaData(MetaData::new(now, id))];
    place.create(&path(0), &action::write(&actions)?)?;
    Ok(())
}

/// Writes the commit that follows `snapshot`; `false` if another writer took that place. A commit that
/// stands is never undone by what comes after it, so trouble with a checkpoint is only told.
pub(crate) fn commit(place: &Place, snapshot: &mut Snapshot, actions: Vec<Action>) -> Result<bool> {
    let version = snapshot.version + 1;
    if !place.create(&path(version), &action::write(&actions)?)? {
        return Ok(false);
    }
    snapshot.apply(version, actions);
    if version % CHECKPOINT_EVERY == 0 {
        snapshot.let_go();
        if let Err(error) = checkpoint::write(place, snapshot) {
            tracing::warn!(version, %error, "no checkpoint");
        }
    }
    Ok(true)
}

/// The state of the table as the log tells it.
pub(crate) fn read(place: &Place) -> Result<Snapshot> {
    let mut snapshot = checkpoint::read(place)?.unwrap_or_else(Snapshot::empty);
    advance(place, &mut snapshot)?;
    if snapshot.version < 0 {
        return Err(Error::damaged(place.url(), "there is no table here"));
    }
    Ok(snapshot)
}

/// Reads on what was committed since.
pub(crate) fn advance(place: &Place, snapshot: &mut Snapshot) -> Result<()> {
    loop {
        let version = snapshot.version + 1;
        let Some(bytes) = place.read(&path(version))? else { break };
        snapshot.apply(version, action::read(&path(version), &bytes)?);
        if version % CHECKPOINT_EVERY == 0 {
            snapshot.let_go();
        }
    }
    if snapshot.version < 0 { Ok(()) } else { snapshot.check(&place.url()) }
}

/// Whether the newest commit that we know is still in the place. It is not where another disk, or none, is mounted by now.
pub(crate) fn is_at(place: &Place, snapshot: &Snapshot) -> Result<bool> {
    place.has(&path(snapshot.version))
}

/// One commit as it was written, while it is kept.
pub(crate) fn commit_at(place: &Place, version: i64) -> Result<Option<Vec<Action>>> {
    let path = path(version);
    place.read(&path)?.map(|bytes| action::read(&path, &bytes)).transpose()
}

/// A commit's bytes as its actions, and back, for [`crate::fuzz`].
pub(crate) fn actions(bytes: &[u8]) -> Result<Vec<Action>> {
    action::read("commit", bytes)
}

pub(crate) fn bytes(actions: &[Action]) -> Result<Vec<u8>> {
    action::write(actions)
}

/// Takes away commits that a checkpoint has taken up and that are older than `before` (milliseconds).
pub(crate) fn forget(place: &Place, before: i64) -> Result<u64> {
    let Some(kept) = checkpoint::last(place)? else { return Ok(0) };
    let mut gone = 0;
    for entry in place.list(FOLDER, None)? {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        let version = name.split('.').next().and_then(|number| number.parse::<i64>().ok());
        if version.is_some_and(|version| version < kept) && entry.modified < before {
            place.delete(&entry.path)?;
            gone += 1;
        }
    }
    Ok(gone)
}
