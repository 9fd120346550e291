//! The table as one process has it: where it lies, the newest state that was read, and the sets of
//! event ids on the local disk.

use crate::data;
use crate::holders::Holders;
use crate::index::{Day, Index};
use crate::intake::{Intake, Receipt, Start};
use crate::key::{self, EventId, Key};
use crate::log::{self, Action, Add, Snapshot};
use crate::place::Place;
use crate::rollup::{Rollup, Sums};
use crate::{Error, Result, schema};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The event store. Cheap to clone; all clones are the same one. Its verbs wait for disks: call them
/// where waiting is allowed.
#[derive(Debug, Clone)]
pub struct Lake {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub place: Place,
    scratch: PathBuf,
    pub key: Key,
    /// See [`Settings::rows`].
    pub rows: usize,
    folders: AtomicU64,
    state: Mutex<State>,
    /// Held as long as we live, so that nobody else clears our scratch folder away. None: we only read, beside whoever has it.
    lock: Option<Lock>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub snapshot: Snapshot,
    pub index: Index,
}

/// How a lake is opened.
#[derive(Clone)]
pub struct Settings<'a> {
    /// A folder, or the URL of an object store.
    pub place: &'a str,
    /// For an object store: what the client must know, by the names of the AWS variables in lower case.
    pub options: Vec<(String, String)>,
    /// A folder on a local disk, of this process alone. What is in it can be made again.
    pub scratch: &'a Path,
    /// What event ids are made with; the same for all writers, for good.
    pub key: Key,
    /// Microseconds since 1970; for the case that the table is begun.
    pub now: i64,
    /// What the table is called ([`new_id`]). One that is called otherwise is somebody else's, and is not opened.
    pub table: &'a str,
    /// Whether it may be begun where there is none.
    pub begin: bool,
    /// Rows that an intake gathers before it writes them out; [`Settings::ROWS`] takes some 300 MB.
    pub rows: usize,
}

impl Settings<'_> {
    /// What is right where memory is not scarce.
    pub const ROWS: usize = 512 * 1024;
}

/// Without the keys of the place and of the events.
impl fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("place", &self.place).field("scratch", &self.scratch).finish_non_exhaustive()
    }
}

/// A table as it is found, without a change to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it is called.
    pub id: String,
    /// The event files that it has taken in, the newest first, by their SHA-256 in hexadecimal digits.
    pub files: Vec<String>,
}

/// A name for a table, from sixteen random bytes.
pub fn new_id(random: [u8; 16]) -> String {
    let hex = hex(&random);
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default().to_owned();
    [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-")
}

impl Lake {
    /// The table in a place, if there is one. Nothing is begun by asking.
    pub fn find(place: &str, options: &[(String, String)]) -> Result<Option<Table>> {
        let Some(place) = Place::look(place, options)? else { return Ok(None) };
        if !log::is_there(&place)? {
            return Ok(None);
        }
        let snapshot = log::read(&place)?;
        let mut files: Vec<&log::Txn> = snapshot.txns.values().collect();
        files.sort_unstable_by_key(|txn| std::cmp::Reverse(txn.version));
        Ok(Some(Table { id: snapshot.id().to_owned(), files: files.into_iter().map(|txn| txn.app_id.clone()).collect() }))
    }

    /// Opens the table, and begins it where there is none, if it may. One that is called otherwise is left alone.
    pub fn open(settings: &Settings<'_>) -> Result<Self> {
        let lock = lock(settings.scratch)?;
        if !settings.begin {
            must_be_there(settings.place, &settings.options)?;
        }
        clear(settings.scratch)?;
        let place = Place::open(settings.place, &settings.options)?;
        log::begin(&place, settings.now, settings.table)?;
        let snapshot = known(&place, settings.table)?;
        let index = Index::open(&settings.scratch.join("index"), settings.table)?;
        let state = Mutex::new(State { snapshot, index });
        let scratch = settings.scratch.to_owned();
        let lock = Some(lock);
        Ok(Self { inner: Arc::new(Inner { place, scratch, key: settings.key, rows: settings.rows.max(1), folders: AtomicU64::new(0), state, lock }) })
    }

    /// Opens a table that there is for reading, beside another process that works with it in the same scratch folder.
    /// Each question sees what was committed until then; whatever writes is refused.
    pub fn beside(place: &str, options: &[(String, String)], scratch: &Path, table: &str) -> Result<Self> {
        must_be_there(place, options)?;
        let place = Place::open(place, options)?;
        let snapshot = known(&place, table)?;
        let state = Mutex::new(State { snapshot, index: Index::none() });
        let scratch = scratch.to_owned();
        Ok(Self { inner: Arc::new(Inner { place, scratch, key: [0; 16], rows: 1, folders: AtomicU64::new(0), state, lock: None }) })
    }

    /// Refuses whoever only reads.
    pub(crate) fn must_write(&self) -> Result<()> {
        if self.inner.lock.is_some() { Ok(()) } else { Err(Error::InUse(self.inner.scratch.display().to_string())) }
    }

    /// Whether the table is still where it was opened: a place can go away while nobody has a file of it open.
    pub fn is_here(&self) -> Result<bool> {
        let snapshot = self.state().snapshot.clone();
        log::is_at(&self.inner.place, &snapshot)
    }

    /// Refuses to write where the table is not any more.
    pub(crate) fn must_be_here(&self) -> Result<()> {
        if self.is_here()? { Ok(()) } else { Err(Error::Missing(self.inner.place.url())) }
    }

    /// Begins to take in an event file. Nothing of it is in the table before [`Intake::commit`].
    pub fn intake(&self, start: Start, holders: Arc<Holders>) -> Result<Intake> {
        self.must_write()?;
        self.must_be_here()?;
        Intake::begin(self.clone(), start, holders)
    }

    /// What became of an event file that is in: for who died between the commit and taking note of it.
    pub fn receipt(&self, file: &[u8; 32]) -> Result<Option<Receipt>> {
        crate::intake::receipt(self, file)
    }

    /// The number of the newest commit that we know, after looking for others' commits.
    pub fn refresh(&self) -> Result<i64> {
        Ok(self.newest()?.snapshot.version)
    }

    /// The data files that make up the table, by name, with the rows of each. Sums are kept by these names.
    pub fn data_files(&self) -> Result<BTreeMap<String, u64>> {
        let state = self.newest()?;
        Ok(state.snapshot.files.values().map(|add| (add.path.clone(), add.rows())).collect())
    }

    /// The sums of a data file, made anew from its rows; `None` if it is no longer in the table.
    pub fn rollup(&self, data_file: &str) -> Result<Option<Rollup>> {
        let Some(add) = self.newest()?.snapshot.files.get(data_file).cloned() else { return Ok(None) };
        let mut sums = Sums::default();
        for batch in data::read(self.file(&add)?, Some(&crate::rollup::COLUMNS))? {
            sums.add(&batch?)?;
        }
        Ok(Some(sums.finish()?))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, with all commits that are there now.
    pub(crate) fn newest(&self) -> Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        log::advance(&self.inner.place, &mut state.snapshot)?;
        Ok(state)
    }

    pub(crate) fn file(&self, add: &Add) -> Result<File> {
        self.data_file(&add.path)
    }

    pub(crate) fn data_file(&self, path: &str) -> Result<File> {
        self.inner.place.file(path, &self.inner.scratch)
    }

    /// A new folder for somebody's work, gone when they are.
    pub(crate) fn folder(&self) -> Result<Folder> {
        self.must_write()?;
        let number = self.inner.folders.fetch_add(1, Ordering::Relaxed);
        let path = self.inner.scratch.join(format!("work-{number}"));
        std::fs::create_dir_all(&path).map_err(Error::place(path.display().to_string()))?;
        Ok(Folder { path, most: self.inner.rows.saturating_mul(FLUSHES) })
    }

    /// Brings finished data files to their places, durably. They are no part of the table yet.
    pub(crate) fn adopt<'a>(&self, files: impl Iterator<Item = &'a data::Written> + Clone) -> Result<()> {
        for file in files.clone() {
            self.inner.place.adopt(&file.local, &file.add.path)?;
        }
        self.inner.place.settle(files.map(|file| file.add.path.as_str()))
    }

    /// Commits what `decide` makes of the newest state, again and again while others are quicker.
    /// `decide` returns nothing if there is nothing to do.
    pub(crate) fn commit(&self, mut decide: impl FnMut(&mut State) -> Result<Option<Vec<Action>>>) -> Result<Option<i64>> {
        const TRIES: u32 = 100;
        self.must_write()?;
        for _ in 0..TRIES {
            let mut state = self.newest()?;
            let Some(actions) = decide(&mut state)? else { return Ok(None) };
            if !log::is_at(&self.inner.place, &state.snapshot)? {
                return Err(Error::Missing(self.inner.place.url()));
            }
            if log::commit(&self.inner.place, &mut state.snapshot, actions)? {
                return Ok(Some(state.snapshot.version));
            }
        }
        Err(Error::Contended(TRIES))
    }

    /// The set of event ids of a day, with everything that the table holds of it. What it does not know yet is read while
    /// the state is held: [`Lake::catch_up`] before leaves little of that.
    pub(crate) fn mirrored<'a>(&self, state: &'a mut State, day: i32) -> Result<&'a mut Day> {
        let missing: Vec<Arc<Add>> = missing(state, day)?;
        for add in &missing {
            let ids = self.ids_of(add)?;
            learn(state.index.day(day)?, add, ids)?;
        }
        state.index.day(day)
    }

    /// Has the set of a day read what it does not know yet. The files, which a bucket may take its time for, are read while
    /// nobody waits for the state.
    pub(crate) fn catch_up(&self, day: i32) -> Result<()> {
        loop {
            let next = missing(&mut *self.newest()?, day)?.into_iter().next();
            let Some(add) = next else { return Ok(()) };
            let ids = self.ids_of(&add)?;
            let mut state = self.state();
            if state.snapshot.files.contains_key(&add.path) {
                learn(state.index.day(day)?, &add, ids)?;
            }
        }
    }

    /// The ids of a data file's events, in order and each once.
    fn ids_of(&self, add: &Add) -> Result<Vec<EventId>> {
        let mut ids: Vec<EventId> = Vec::new();
        for batch in data::read(self.file(add)?, Some(&["event"]))? {
            ids.extend(data::ids(&batch?)?);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

/// The live files of a day of which its set knows nothing.
fn missing(state: &mut State, day: i32) -> Result<Vec<Arc<Add>>> {
    let State { snapshot, index } = state;
    let files: Vec<Arc<Add>> = files_of(snapshot, day).map(Arc::clone).collect();
    let set = index.day(day)?;
    set.keep(|path| files.iter().any(|add| add.path == path));
    Ok(files.into_iter().filter(|add| !set.mirrored.contains(&add.path)).collect())
}

/// Adds the ids of a file to its day's set, unless somebody did meanwhile.
fn learn(set: &mut Day, add: &Add, mut ids: Vec<EventId>) -> Result<()> {
    if set.mirrored.contains(&add.path) {
        return Ok(());
    }
    // A file that was rewritten from others holds what we have already.
    let mut known = Vec::new();
    set.runs.search(0, ids.iter().copied(), |id| known.push(id))?;
    known.sort_unstable();
    ids.retain(|id| known.binary_search(id).is_err());
    set.mirror(ids.into_iter().map(Ok), std::iter::once(add.path.clone()))
}

/// The live files of a day.
pub(crate) fn files_of(snapshot: &Snapshot, day: i32) -> impl Iterator<Item = &Arc<Add>> {
    let folder = format!("{}={}/", schema::DAY, key::date(day));
    let end = format!("{}={}0", schema::DAY, key::date(day));
    snapshot.files.range(folder..end).map(|(_, add)| add)
}

/// The rows of so many flushes are a full data file, some eight million: what a query opens should be large, what a rewrite
/// moves should not.
const FLUSHES: usize = 16;

/// A folder of the scratch in which data files are written, and that is removed with all in it.
#[derive(Debug)]
pub(crate) struct Folder {
    pub path: PathBuf,
    /// Rows of a full data file; the next one begins.
    pub most: usize,
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays is cleared away at the next start.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// That this process works with the table, and no other.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // A child that was just begun still has all our files, and with them the lock: closing ours would not end it.
        let _ = self.0.unlock();
    }
}

fn lock(scratch: &Path) -> Result<Lock> {
    let name = scratch.display().to_string();
    std::fs::create_dir_all(scratch).map_err(Error::place(name.as_str()))?;
    let file = File::options().create(true).truncate(false).write(true).open(scratch.join("lock")).map_err(Error::place(name.as_str()))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::InUse(name)),
        Err(std::fs::TryLockError::Error(error)) => Err(Error::place(name)(error)),
    }
}

/// Clears away what somebody left who died.
fn clear(scratch: &Path) -> Result<()> {
    let name = scratch.display().to_string();
    for entry in std::fs::read_dir(scratch).map_err(Error::place(name.as_str()))? {
        let path = entry.map_err(Error::place(name.as_str()))?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("work-")) {
            std::fs::remove_dir_all(&path).map_err(Error::place(name.as_str()))?;
        }
    }
    Ok(())
}

fn must_be_there(place: &str, options: &[(String, String)]) -> Result<()> {
    let there = Place::look(place, options)?.map_or(Ok(false), |place| log::is_there(&place))?;
    if there { Ok(()) } else { Err(Error::Missing(place.to_owned())) }
}

/// The state of a table, if it is the one that is meant.
fn known(place: &Place, table: &str) -> Result<Snapshot> {
    let snapshot = log::read(place)?;
    if snapshot.id() == table { Ok(snapshot) } else { Err(Error::Another { place: place.url(), found: snapshot.id().to_owned(), wanted: table.to_owned() }) }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
