//! Proofs about the tree. An inclusion proof (RFC 6962 section 2.1.1) shows that one entry is under a
//! signed root; a consistency proof (section 2.1.2) shows that a later root only added to an earlier
//! one. They are made from the leaf hashes and checked from a few hashes alone, with the algorithms
//! of RFC 9162 sections 2.1.3.2 and 2.1.4.2, which the older RFC leaves to the reader.

use super::tree::{empty_root, node_hash, root_of};
use crate::{Error, Result};

const REFUTED: Error = Error::Tree("the proof does not lead to the root");

/// The audit path of the leaf at `index` (from 0) in the tree over `leaves`.
pub fn inclusion(leaves: &[[u8; 32]], index: u64) -> Result<Vec<[u8; 32]>> {
    let index = usize::try_from(index).ok().filter(|&i| i < leaves.len());
    let mut index = index.ok_or(Error::Tree("the tree has no such leaf"))?;
    let (mut part, mut path) = (leaves, Vec::new());
    // From the root down, which is the proof read backwards.
    while part.len() > 1 {
        let (left, right) = halves(part);
        if index < left.len() {
            path.push(root(right));
            part = left;
        } else {
            path.push(root(left));
            index -= left.len();
            part = right;
        }
    }
    path.reverse();
    Ok(path)
}

/// Checks that `leaf` is at `index` of the tree with this `size` and `root`.
pub fn verify_inclusion(leaf: &[u8; 32], index: u64, size: u64, proof: &[[u8; 32]], root: &[u8; 32]) -> Result<()> {
    if index >= size {
        return Err(Error::Tree("the leaf lies beyond the end of the tree"));
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match walk.step().ok_or(REFUTED)? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    holds(walk.last == 0 && hash == *root)
}

/// The proof that the tree over the first `earlier` leaves grew into the tree over all of them.
pub fn consistency(leaves: &[[u8; 32]], earlier: u64) -> Result<Vec<[u8; 32]>> {
    let earlier = usize::try_from(earlier).ok().filter(|&m| m <= leaves.len());
    let mut earlier = earlier.ok_or(Error::Tree("the earlier tree is bigger than the later"))?;
    let (mut part, mut path, mut known) = (leaves, Vec::new(), true);
    if earlier == 0 {
        return Ok(path);
    }
    while earlier < part.len() {
        let (left, right) = halves(part);
        if earlier <= left.len() {
            path.push(root(right));
            part = left;
        } else {
            path.push(root(left));
            earlier -= left.len();
            part = right;
            // What is left is no longer the whole earlier tree, so its hash must be told.
            known = false;
        }
    }
    if !known {
        path.push(root(part));
    }
    path.reverse();
    Ok(path)
}

/// Checks that the tree of size `earlier` and root `old` is the beginning of the tree of size `later`
/// and root `new`.
pub fn verify_consistency(earlier: u64, old: &[u8; 32], later: u64, new: &[u8; 32], proof: &[[u8; 32]]) -> Result<()> {
    if earlier > later {
        return Err(Error::Tree("the earlier tree is bigger than the later"));
    }
    if earlier == later {
        return holds(proof.is_empty() && old == new);
    }
    if earlier == 0 {
        return holds(proof.is_empty() && *old == empty_root());
    }
    let mut walk = Walk { node: earlier - 1, last: later - 1 };
    while walk.node & 1 == 1 {
        walk.up();
    }
    let mut proof = proof.iter();
    // A complete earlier tree is itself the node to start from, and the proof leaves it out.
    let start = if earlier.is_power_of_two() { old } else { proof.next().ok_or(REFUTED)? };
    let (mut was, mut is) = (*start, *start);
    for sibling in proof {
        match walk.step().ok_or(REFUTED)? {
            Side::Left => {
                was = node_hash(sibling, &was);
                is = node_hash(sibling, &is);
            }
            Side::Right => is = node_hash(&is, sibling),
        }
    }
    holds(walk.last == 0 && was == *old && is == *new)
}

/// Where a proof's next hash stands beside the node that is being climbed from.
enum Side {
    Left,
    Right,
}

/// The climb from a node to the root: the node's place in its level, and the last place there.
struct Walk {
    node: u64,
    last: u64,
}

impl Walk {
    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    /// One step of the proof; nothing if the root is reached already.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // A node at the right edge without a sibling moves up as it is.
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Some(side)
    }
}

fn holds(it: bool) -> Result<()> {
    if it { Ok(()) } else { Err(REFUTED) }
}

fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    root_of(leaves.iter().copied())
}

/// Splits at the largest power of two smaller than the length, which must be over one.
fn halves(leaves: &[[u8; 32]]) -> (&[[u8; 32]], &[[u8; 32]]) {
    leaves.split_at(leaves.len().next_power_of_two() / 2)
}
