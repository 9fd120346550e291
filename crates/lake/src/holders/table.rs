//! The resources of the registry in one row each, chained from the more to the less specific.

use super::{Holder, Resource};

/// A resource as a look-up needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub holder: i64,
    pub from: i64,
    pub until: i64,
    /// The next one to look at: one that covers the same, or more.
    pub next: u32,
    /// Length of a network's prefix.
    pub len: u8,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
}

impl Table {
    /// The end of a chain.
    pub const NONE: u32 = u32::MAX;

    pub fn push(&mut self, holder: &Holder) -> u32 {
        let len = if let Resource::Network(prefix) = &holder.resource { prefix.len() } else { 0 };
        self.entries.push(Entry { holder: holder.id, from: holder.from, until: holder.until, next: Self::NONE, len });
        u32::try_from(self.entries.len() - 1).unwrap_or(Self::NONE)
    }

    /// Appends an entry to the chain that begins at `head`. Chains of one name are short.
    pub fn chain(&mut self, head: &mut u32, entry: u32) {
        let mut last = *head;
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

    pub fn get(&self, entry: u32) -> Option<&Entry> {
        self.entries.get(entry as usize)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }
}
