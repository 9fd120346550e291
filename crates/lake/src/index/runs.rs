//! Runs of one set of ids: new ones are added, eight of a size become one, so that a set of any size
//! is a handful of files and each id is rewritten a few times only. An id may stand in two runs (after
//! a crash between writing and clearing away); a set is a set.

use super::run::{Ids, Run};
use crate::key::EventId;
use crate::{Error, Result};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::path::{Path, PathBuf};

/// How many runs of a size become one.
const WAYS: usize = 8;

/// Ids of the smallest size.
const SMALLEST: usize = 4096;

#[derive(Debug)]
pub(crate) struct Runs {
    folder: PathBuf,
    /// Each with its number; higher is newer.
    files: Vec<(u64, Run)>,
    next: u64,
}

impl Runs {
    /// Opens what lies in a folder, which is made if need be. `None`: a file is not whole.
    pub fn open(folder: &Path) -> Result<Option<Self>> {
        let failed = || folder.display().to_string();
        std::fs::create_dir_all(folder).map_err(Error::place(failed()))?;
        let mut runs = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(Error::place(failed()))? {
            let path = entry.map_err(Error::place(failed()))?.path();
            let number = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".run")?.parse().ok());
            let Some(number) = number else { continue };
            let Some(run) = Run::open(&path)? else { return Ok(None) };
            runs.push((number, run));
        }
        runs.sort_by_key(|(number, _)| *number);
        let next = runs.last().map_or(0, |(number, _)| number + 1);
        Ok(Some(Self { folder: folder.to_owned(), files: runs, next }))
    }

    pub fn len(&self) -> usize {
        self.files.iter().map(|(_, run)| run.len).sum()
    }

    /// What the next run will be called: everything that comes later has at least this number.
    pub fn mark(&self) -> u64 {
        self.next
    }

    /// Adds ids, which come in order and each once. `sync`: they must survive a loss of power.
    pub fn add(&mut self, ids: impl Iterator<Item = Result<EventId>>, sync: bool) -> Result<()> {
        let run = self.write(ids, sync)?;
        if run.1.len == 0 {
            return remove(&run.1.path);
        }
        self.files.push(run);
        self.tidy(sync)
    }

    /// Takes over the runs of another set whose ids are all of a day, as they are; they must survive a loss of power.
    pub fn take_over(&mut self, from: &mut Self, day: i32) -> Result<()> {
        for (number, run) in std::mem::take(&mut from.files) {
            if !run.is_of(day)? {
                from.files.push((number, run));
                continue;
            }
            run.sync()?;
            let run = self.place(run)?;
            self.files.push(run);
        }
        self.tidy(true)
    }

    /// Makes one run of many of a size.
    fn tidy(&mut self, sync: bool) -> Result<()> {
        while let Some(tier) = self.full_tier() {
            let (old, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.files).into_iter().partition(|(_, run)| size(run.len) == tier);
            self.files = kept;
            let merged = self.write(merge(old.iter().map(|(_, run)| run.ids(0))), sync)?;
            self.files.push(merged);
            old.iter().try_for_each(|(_, run)| remove(&run.path))?;
        }
        Ok(())
    }

    fn write(&mut self, ids: impl Iterator<Item = Result<EventId>>, sync: bool) -> Result<(u64, Run)> {
        // A name without a number is not looked at; a crash leaves nothing half behind.
        let draft = self.folder.join("draft");
        let run = Run::write(&draft, ids)?;
        if sync {
            run.sync()?;
        }
        self.place(run)
    }

    /// Gives a run that lies elsewhere its number and its name here.
    fn place(&mut self, mut run: Run) -> Result<(u64, Run)> {
        let number = self.next;
        self.next += 1;
        let path = self.folder.join(format!("{number:012}.run"));
        std::fs::rename(&run.path, &path).map_err(Error::place(path.display().to_string()))?;
        run.path = path;
        Ok((number, run))
    }

    fn full_tier(&self) -> Option<u32> {
        let of = |tier| self.files.iter().filter(|(_, run)| size(run.len) == tier).count();
        self.files.iter().map(|(_, run)| size(run.len)).find(|tier| of(*tier) >= WAYS)
    }

    /// Calls `found` for each of the ids, which come in order, that is in a run of at least the number
    /// `since`; for an id that is in two runs, twice.
    pub fn search(&self, since: u64, ids: impl Iterator<Item = EventId> + Clone, mut found: impl FnMut(EventId)) -> Result<()> {
        for (_, run) in self.files.iter().filter(|(number, _)| *number >= since) {
            run.search(ids.clone(), &mut found)?;
        }
        Ok(())
    }

    /// All ids from `from` on, in order, each once.
    pub fn ids(&self, from: EventId) -> impl Iterator<Item = Result<EventId>> {
        merge(self.files.iter().map(move |(_, run)| run.ids(from)))
    }
}

fn remove(path: &Path) -> Result<()> {
    std::fs::remove_file(path).map_err(Error::place(path.display().to_string()))
}

fn size(len: usize) -> u32 {
    (len / SMALLEST).max(1).ilog(WAYS)
}

fn merge<'a>(runs: impl Iterator<Item = Ids<'a>>) -> impl Iterator<Item = Result<EventId>> {
    let mut failed = None;
    let mut open: BinaryHeap<Head<'a>> = runs.filter_map(|rest| Head::of(rest, &mut failed)).collect();
    let mut last = None;
    std::iter::from_fn(move || {
        loop {
            if let Some(error) = failed.take() {
                open.clear();
                return Some(Err(error));
            }
            // The run with the least id goes on to its next one, and sinks to its new place.
            let mut head = open.peek_mut()?;
            let id = head.id;
            match head.rest.next() {
                Some(Ok(next)) => head.id = next,
                Some(Err(error)) => failed = Some(error),
                None => drop(PeekMut::pop(head)),
            }
            if last != Some(id) {
                last = Some(id);
                return Some(Ok(id));
            }
        }
    })
}

/// A run that is merged: its least id that was not taken, and those behind it. The least comes first in a heap.
struct Head<'a> {
    id: EventId,
    rest: Ids<'a>,
}

impl<'a> Head<'a> {
    fn of(mut rest: Ids<'a>, failed: &mut Option<Error>) -> Option<Self> {
        match rest.next()? {
            Ok(id) => Some(Self { id, rest }),
            Err(error) => {
                *failed = Some(error);
                None
            }
        }
    }
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.id.cmp(&self.id)
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Head<'_> {}

#[cfg(test)]
mod tests {
    use super::Runs;
    use std::collections::BTreeSet;

    /// One of a million ids, whose halves both tell it from the others.
    fn id(dice: &mut fastrand::Rng) -> u128 {
        dice.u128(..1 << 20).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) >> 16
    }

    #[test]
    fn runs_of_one_day_are_taken_over_and_mixed_ones_stay() {
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut set = Runs::open(ours.path()).unwrap().unwrap();
        let mut pending = Runs::open(theirs.path()).unwrap().unwrap();
        let of = |day: u128, id: u128| Ok((day << 112) | id);
        set.add((1..4).map(|id| of(7, id)), true).unwrap();
        pending.add((4..9).map(|id| of(7, id)), false).unwrap();
        pending.add([of(7, 20), of(8, 1)].into_iter(), false).unwrap();
        let mark = set.mark();
        set.take_over(&mut pending, 7).unwrap();
        let ids = |runs: &Runs| runs.ids(0).map(Result::unwrap).map(|id| (id >> 112, id & 0xff)).collect::<Vec<_>>();
        assert_eq!(ids(&set), (1..9).map(|id| (7, id)).collect::<Vec<_>>());
        assert_eq!(ids(&pending), [(7, 20), (8, 1)]);
        assert_eq!(ids(&Runs::open(ours.path()).unwrap().unwrap()), ids(&set), "they lie with the others");
        let mut since = Vec::new();
        set.search(mark, (1..9).map(|id| (7 << 112) | id), |id| since.push(id & 0xff)).unwrap();
        assert_eq!(since, [4, 5, 6, 7, 8], "who asked before sees what came since");
    }

    #[test]
    fn a_set_of_many_runs_is_the_set_of_all_their_ids() {
        let folder = tempfile::tempdir().unwrap();
        let mut runs = Runs::open(folder.path()).unwrap().unwrap();
        let mut dice = fastrand::Rng::with_seed(1);
        let mut all = BTreeSet::new();
        for _ in 0..30 {
            let some: BTreeSet<u128> = (0..dice.usize(..3000)).map(|_| id(&mut dice)).collect();
            runs.add(some.iter().copied().map(Ok), false).unwrap();
            all.extend(some);
        }
        assert!(runs.files.len() < 14, "{}", runs.files.len());
        for runs in [&runs, &Runs::open(folder.path()).unwrap().unwrap()] {
            assert!(runs.ids(0).map(Result::unwrap).eq(all.iter().copied()));
            let asked: BTreeSet<u128> = (0..5000).map(|_| id(&mut dice)).collect();
            let mut found = BTreeSet::new();
            runs.search(0, asked.iter().copied(), |id| {
                found.insert(id);
            })
            .unwrap();
            assert_eq!(found, asked.intersection(&all).copied().collect());
        }
    }
}
