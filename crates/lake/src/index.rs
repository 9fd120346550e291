//! Which events are in the table already: for each day the set of their ids, on the local disk. It is
//! a cache of the column `event`: each day's folder says which data files it mirrors, and what is
//! missing or damaged is read from the files again. So nothing here needs to be backed up, and writers
//! on several machines each have their own.

mod run;
mod runs;

pub(crate) use runs::Runs;

use crate::key::{self, EventId};
use crate::place::{put_file, sync_folder};
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many ids of days that nobody asks for at the moment stay open; each costs a little over a byte.
const OPEN_IDS: usize = 64 << 20;

/// How many days stay open at most: each holds a few open files.
const OPEN_DAYS: usize = 48;

#[derive(Debug)]
pub(crate) struct Index {
    folder: PathBuf,
    open: BTreeMap<i32, Day>,
    /// Counts what was asked, to know which day was not asked for longest.
    clock: u64,
}

#[derive(Debug)]
pub(crate) struct Day {
    folder: PathBuf,
    pub runs: Runs,
    /// Paths of data files whose events are in the runs.
    pub mirrored: BTreeSet<String>,
    used: u64,
}

impl Index {
    /// `table` is the table's own id: an index of another table is thrown away.
    pub fn open(folder: &Path, table: &str) -> Result<Self> {
        let mark = folder.join("table");
        if std::fs::read(&mark).ok().as_deref() != Some(table.as_bytes()) {
            match std::fs::remove_dir_all(folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::place(folder.display().to_string())(error)),
                _ => put_file(&mark, table.as_bytes())?,
            }
        }
        Ok(Self { folder: folder.to_owned(), open: BTreeMap::new(), clock: 0 })
    }

    /// That of whoever only reads: nobody asks it.
    pub fn none() -> Self {
        Self { folder: PathBuf::new(), open: BTreeMap::new(), clock: 0 }
    }

    /// The set of a day.
    pub fn day(&mut self, day: i32) -> Result<&mut Day> {
        self.clock += 1;
        if !self.open.contains_key(&day) {
            self.make_room()?;
            let opened = Day::open(&self.folder.join(key::date(day)))?;
            self.open.insert(day, opened);
        }
        let found = self.open.get_mut(&day).ok_or_else(|| Error::damaged("index", "a day went away"))?;
        found.used = self.clock;
        Ok(found)
    }

    fn make_room(&mut self) -> Result<()> {
        while self.open.len() >= OPEN_DAYS || (self.open.len() > 4 && self.open.values().map(|day| day.runs.len()).sum::<usize>() > OPEN_IDS) {
            let Some(oldest) = self.open.iter().min_by_key(|(_, day)| day.used).map(|(day, _)| *day) else { break };
            self.open.remove(&oldest);
        }
        Ok(())
    }

    /// Forgets a day, which is in the table no more, or was found damaged.
    pub fn forget(&mut self, day: i32) -> Result<()> {
        self.open.remove(&day);
        let folder = self.folder.join(key::date(day));
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::place(folder.display().to_string())(error)),
            _ => Ok(()),
        }
    }
}

impl Day {
    fn open(folder: &Path) -> Result<Self> {
        let runs = if let Some(runs) = Runs::open(folder)? {
            runs
        } else {
            tracing::warn!(folder = %folder.display(), "a damaged set of event ids is made anew");
            std::fs::remove_dir_all(folder).map_err(Error::place(folder.display().to_string()))?;
            Runs::open(folder)?.ok_or_else(|| Error::damaged("index", "it comes back damaged"))?
        };
        let list = std::fs::read_to_string(folder.join("mirrored")).unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), runs, mirrored: list.lines().map(ToOwned::to_owned).collect(), used: 0 })
    }

    /// Adds the events of data files, which come in order and each once. From then on these files need
    /// not be read again.
    pub fn mirror(&mut self, ids: impl Iterator<Item = Result<EventId>>, files: impl Iterator<Item = String>) -> Result<()> {
        self.runs.add(ids, true)?;
        sync_folder(&self.folder)?;
        self.mirrored.extend(files);
        self.note()
    }

    /// Adds the events of data files, which an intake has in runs of its own: those of this day alone are taken over.
    pub fn take_over(&mut self, pending: &mut Runs, day: i32, files: impl Iterator<Item = String>) -> Result<()> {
        self.runs.take_over(pending, day)?;
        let rest = pending.ids(key::first_of(day)).take_while(|id| id.as_ref().map_or(true, |id| key::day_of(*id) == day));
        self.mirror(rest, files)
    }

    /// Keeps the list of mirrored files to those that are live.
    pub fn keep(&mut self, live: impl Fn(&str) -> bool) {
        self.mirrored.retain(|path| live(path));
    }

    fn note(&self) -> Result<()> {
        let list: Vec<&str> = self.mirrored.iter().map(String::as_str).collect();
        put_file(&self.folder.join("mirrored"), list.join("\n").as_bytes())
    }
}
