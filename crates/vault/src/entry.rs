//! A journal entry as bytes. Every entry has exactly one encoding, its leaf in the Merkle log is the
//! hash of that, and it names the leaf before it: so the journal is a chain and a tree at once.
//! Facts are hashed in clear; personal particulars only as a salted commitment, so that salt and
//! particulars can be erased one day and the chain still verifies.

mod verify;

use sha2::{Digest, Sha256};

pub use verify::{FIRST, Fault, Particulars, Record, Summary, Verifier, Why, verify_chain};

use crate::log::leaf_hash;

/// The first byte of every encoded entry; another layout will have another number.
const VERSION: u8 = 1;

/// An entry longer than this does not fit an entry bundle (C2SP tlog-tiles, "Log entries").
pub const MAX_BYTES: usize = 65_535;

/// What the journal says, borrowed from whoever is about to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its place, counted from [`FIRST`] without gaps.
    pub seq: u64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    pub who: &'a str,
    pub verb: &'a str,
    pub noun: &'a str,
    pub noun_id: &'a [u8],
    /// JSON, hashed in clear: never personal data.
    pub facts: &'a str,
    /// [`commit`] of the particulars, or zeros if there are none.
    pub commitment: [u8; 32],
    /// The leaf of the entry before, or zeros for the first.
    pub previous: [u8; 32],
}

impl Entry<'_> {
    /// The one encoding: version, `seq` and `at` in eight bytes each, then who, verb, noun, noun id
    /// and facts, each behind its length in four bytes, then commitment and previous. Numbers have
    /// their most significant byte first.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128 + self.facts.len());
        bytes.push(VERSION);
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.at.to_be_bytes());
        let texts = [self.who, self.verb, self.noun].map(str::as_bytes);
        for part in texts.into_iter().chain([self.noun_id, self.facts.as_bytes()]) {
            // Lengths over 4 GiB would run together here; whoever writes asks `fits` first.
            bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(part);
        }
        bytes.extend(self.commitment);
        bytes.extend(self.previous);
        bytes
    }

    /// Whether it is within [`MAX_BYTES`]; the journal must not take one that is not.
    pub fn fits(&self) -> bool {
        self.bytes().len() <= MAX_BYTES
    }

    /// The RFC 6962 leaf hash of [`bytes`](Self::bytes).
    pub fn leaf(&self) -> [u8; 32] {
        leaf_hash(&self.bytes())
    }
}

/// SHA-256(salt || particulars). The salt must be random, at least 16 bytes, kept as secret as the
/// particulars, and always of the same length, or the place where it ends would be open to argument.
pub fn commit(salt: &[u8], particulars: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(particulars).finalize().into()
}
