//! The tree hash of RFC 6962 section 2.1, grown one leaf at a time. Only the roots of the complete
//! subtrees are kept, one for each bit set in the size: 64 hashes hold a tree of any size, and they
//! are all that has to be stored to go on after a restart.

use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// The hash of one leaf: SHA-256(0x00 || data), RFC 6962 section 2.1.
pub fn leaf_hash(data: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 || left || right), RFC 6962 section 2.1.
pub fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The hash of the empty tree: SHA-256 of nothing, RFC 6962 section 2.1.
pub fn empty_root() -> [u8; 32] {
    Sha256::digest([]).into()
}

/// The root over these leaf hashes.
pub fn root_of(leaves: impl IntoIterator<Item = [u8; 32]>) -> [u8; 32] {
    let mut tree = Frontier::new();
    leaves.into_iter().for_each(|leaf| tree.append(leaf));
    tree.root()
}

/// A growing tree, known by its right edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The roots of the complete subtrees, biggest first: one for each bit set in `size`.
    peaks: Vec<[u8; 32]>,
}

impl Frontier {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of the next leaf ([`leaf_hash`] of its data).
    pub fn append(&mut self, leaf: [u8; 32]) {
        let mut hash = leaf;
        // Like a carry when adding one: each low bit set is a subtree that is now completed.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    pub fn root(&self) -> [u8; 32] {
        let from_the_right = self.peaks.iter().copied().rev();
        from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// The state to store: the size in eight bytes, most significant first, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.peaks.iter().flatten());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        const BAD: Error = Error::Tree("the stored state of the log is not one of a tree");
        let (size, hashes) = bytes.split_first_chunk::<8>().ok_or(BAD)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = hashes.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(BAD);
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}
