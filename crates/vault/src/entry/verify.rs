//! Checking a whole journal, entry by entry in order, in memory that does not grow with it. The first
//! thing that is wrong stops the check and is named with its number: a gap, a changed entry, a chain
//! that does not join, particulars that are not those committed to, or a signed checkpoint that the
//! journal no longer leads to.

use std::collections::VecDeque;
use std::fmt;

use super::{Entry, commit};
use crate::log::{Checkpoint, Frontier};

/// The number of the first entry; entry `n` is the leaf at index `n - FIRST`.
pub const FIRST: u64 = 1;

/// A stored entry with what is stored beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub seq: u64,
    pub at: i64,
    pub who: String,
    pub verb: String,
    pub noun: String,
    pub noun_id: Vec<u8>,
    pub facts: String,
    pub commitment: [u8; 32],
    pub previous: [u8; 32],
    /// The leaf hash that was stored when the entry was written.
    pub leaf: [u8; 32],
    /// What the commitment hides; nothing if there never was any, or if it was erased.
    pub particulars: Option<Particulars>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    pub salt: Vec<u8>,
    pub text: String,
}

impl Record {
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            seq: self.seq,
            at: self.at,
            who: &self.who,
            verb: &self.verb,
            noun: &self.noun,
            noun_id: &self.noun_id,
            facts: &self.facts,
            commitment: self.commitment,
            previous: self.previous,
        }
    }
}

/// What a journal that stands amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many entries there are.
    pub size: u64,
    pub root: [u8; 32],
    /// How many checkpoints were checked.
    pub checkpoints: u64,
    /// How many entries, from the first, a signed checkpoint vouches for.
    pub signed: u64,
    /// How many entries committed to particulars that are no longer there.
    pub erased: u64,
}

/// The first thing that is wrong, and the number of the first entry that it touches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("journal entry {seq}: {why}")]
pub struct Fault {
    pub seq: u64,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// This number was due, another came.
    Gap { found: u64 },
    /// The entry does not name the leaf of the one before.
    Previous,
    /// The entry does not hash to the leaf stored with it.
    Leaf,
    /// The particulars are not those that the entry committed to.
    Particulars,
    /// From this entry up to `size`, the journal is not the one that was signed.
    Root { size: u64 },
    /// A checkpoint was signed over `size` entries, and the journal ends before this one.
    CutShort { size: u64 },
    /// A checkpoint that closes with this entry cannot be read or its signature is bad.
    Checkpoint(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { found } => write!(f, "missing or out of order: entry {found} stands here"),
            Self::Previous => f.write_str("it does not join the entry before it: one of the two was changed"),
            Self::Leaf => f.write_str("it was changed: it does not match its stored hash"),
            Self::Particulars => f.write_str("its particulars were changed: they do not match the commitment"),
            Self::Root { size } => write!(f, "entries from here to {size} are not those signed in the checkpoint of {size}"),
            Self::CutShort { size } => {
                write!(f, "missing: the journal ends before it, but {size} entries were signed")
            }
            Self::Checkpoint(why) => write!(f, "the checkpoint taken here is bad: {why}"),
        }
    }
}

/// Checks a journal as its entries come from wherever they are kept.
pub struct Verifier {
    tree: Frontier,
    last_leaf: [u8; 32],
    /// By size: what each note says, or why it is bad.
    due: VecDeque<(u64, Result<[u8; 32], String>)>,
    checkpoints: u64,
    signed: u64,
    erased: u64,
}

impl Verifier {
    /// Begins with the signed notes, in any order, and the verifier key that they must be signed by.
    pub fn new<N: AsRef<str>>(notes: impl IntoIterator<Item = N>, vkey: &str) -> Self {
        let read = |note: N| match Checkpoint::parse_and_verify(note.as_ref(), vkey) {
            Ok(checkpoint) => (checkpoint.size, Ok(checkpoint.root)),
            // A note whose size cannot even be read is named last, so that faults in entries go first.
            Err(e) => (Checkpoint::claimed_size(note.as_ref()).unwrap_or(u64::MAX), Err(e.to_string())),
        };
        let mut due: Vec<_> = notes.into_iter().map(read).collect();
        due.sort_by_key(|(size, _)| *size);
        Self { tree: Frontier::new(), last_leaf: [0; 32], due: due.into(), checkpoints: 0, signed: 0, erased: 0 }
    }

    /// Checks the next entry, and the checkpoints that close with it.
    pub fn push(&mut self, record: &Record) -> Result<(), Fault> {
        // Only a checkpoint over nothing at all can be due before the first entry.
        self.settle()?;
        let seq = FIRST + self.tree.size();
        let fault = |why| Err(Fault { seq, why });
        if record.seq != seq {
            return fault(Why::Gap { found: record.seq });
        }
        if record.entry().leaf() != record.leaf {
            return fault(Why::Leaf);
        }
        if record.previous != self.last_leaf {
            return fault(Why::Previous);
        }
        match &record.particulars {
            Some(p) if commit(&p.salt, &p.text) != record.commitment => {
                return fault(Why::Particulars);
            }
            None if record.commitment != [0; 32] => self.erased += 1,
            _ => {}
        }
        self.last_leaf = record.leaf;
        self.tree.append(record.leaf);
        self.settle()
    }

    /// Checks that nothing signed is missing at the end.
    pub fn finish(mut self) -> Result<Summary, Fault> {
        self.settle()?;
        let size = self.tree.size();
        match self.due.pop_front() {
            None => Ok(Summary { size, root: self.tree.root(), checkpoints: self.checkpoints, signed: self.signed, erased: self.erased }),
            Some((signed, Ok(_))) => Err(Fault { seq: FIRST + size, why: Why::CutShort { size: signed } }),
            Some((_, Err(why))) => Err(Fault { seq: FIRST + size, why: Why::Checkpoint(why) }),
        }
    }

    /// Checks the checkpoints over exactly what has been read so far.
    fn settle(&mut self) -> Result<(), Fault> {
        let size = self.tree.size();
        while let Some((_, note)) = self.due.pop_front_if(|(due, _)| *due == size) {
            match note {
                Ok(root) if root == self.tree.root() => {
                    self.checkpoints += 1;
                    self.signed = size;
                }
                Ok(_) => {
                    return Err(Fault { seq: FIRST + self.signed, why: Why::Root { size } });
                }
                Err(why) => {
                    return Err(Fault { seq: size.max(FIRST), why: Why::Checkpoint(why) });
                }
            }
        }
        Ok(())
    }
}

/// Checks a whole journal: its entries in order, and the signed notes of its checkpoints.
pub fn verify_chain<N: AsRef<str>>(records: impl IntoIterator<Item = Record>, notes: impl IntoIterator<Item = N>, vkey: &str) -> Result<Summary, Fault> {
    let mut verifier = Verifier::new(notes, vkey);
    for record in records {
        verifier.push(&record)?;
    }
    verifier.finish()
}
