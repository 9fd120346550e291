//! The resources of the registry in one row each, chained from the more to the less specific. A row is
//! sixteen bytes: what a look-up costs is how much of the memory it touches.

use super::Holder;
use rustc_hash::FxHashMap;

/// Whose a resource is, before it has its row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted {
    holder: i64,
    when: u32,
}

/// A resource as a look-up needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub holder: i64,
    /// The next one to look at: one that covers the same, or more.
    pub next: u32,
    /// Which of the few different times of validity.
    when: u32,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// Lengths of prefixes; asked for only where the subject is a network itself.
    lens: Vec<u8>,
    /// Valid from, until.
    times: Vec<(i64, i64)>,
    known: FxHashMap<(i64, i64), u32>,
}

impl Table {
    /// The end of a chain.
    pub const NONE: u32 = u32::MAX;

    pub fn note(&mut self, holder: &Holder) -> Noted {
        let times = (holder.from, holder.until);
        let when = *self.known.entry(times).or_insert_with(|| {
            self.times.push(times);
            u32::try_from(self.times.len() - 1).unwrap_or(Self::NONE)
        });
        Noted { holder: holder.id, when }
    }

    /// `len`: of a network's prefix.
    pub fn push(&mut self, Noted { holder, when }: Noted, len: u8) -> u32 {
        self.entries.push(Entry { holder, next: Self::NONE, when });
        self.lens.push(len);
        u32::try_from(self.entries.len() - 1).unwrap_or(Self::NONE)
    }

    /// Appends a resource without a length to the chain that begins at `head`. Chains of one name are short.
    pub fn chain(&mut self, head: &mut u32, held: Noted) {
        let (entry, mut last) = (self.push(held, 0), *head);
        if last == Self::NONE {
            *head = entry;
            return;
        }
        while let Some(next) = self.get(last).map(|at| at.next).filter(|next| *next != Self::NONE) {
            last = next;
        }
        self.link(last, entry);
    }

    pub fn link(&mut self, entry: u32, next: u32) {
        if let Some(entry) = self.entries.get_mut(entry as usize) {
            entry.next = next;
        }
    }

    pub fn get(&self, entry: u32) -> Option<Entry> {
        self.entries.get(entry as usize).copied()
    }

    /// Touches entries and those behind them, so that they are near when they are looked at one by one.
    pub fn warm(&self, entries: &[u32]) {
        let next = |sum: u32, entry: u32| sum ^ self.get(entry).map_or(0, |entry| entry.next);
        let first = entries.iter().fold(0, |sum, entry| next(sum, *entry));
        let second = entries.iter().filter_map(|entry| self.get(*entry)).fold(0, |sum, entry| next(sum, entry.next));
        std::hint::black_box(first ^ second);
    }

    pub fn is_valid(&self, entry: Entry, at: i64) -> bool {
        self.times.get(entry.when as usize).is_some_and(|(from, until)| *from <= at && at < *until)
    }

    pub fn prefix_len(&self, entry: u32) -> u8 {
        self.lens.get(entry as usize).copied().unwrap_or(0)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }
}
