//! The Merkle log under the journal: RFC 6962 hashes and proofs, C2SP tlog-tiles as its form on disk
//! (<https://c2sp.org/tlog-tiles>) and C2SP checkpoints as its signed state
//! (<https://c2sp.org/tlog-checkpoint>). Existing witnesses, mirrors and auditors read these forms,
//! so a team can have its journal watched by somebody else without trusting our code.

mod checkpoint;
pub(crate) mod note;
mod proof;
mod tiles;
mod tree;

pub use checkpoint::Checkpoint;
pub use proof::{consistency, inclusion, verify_consistency, verify_inclusion};
pub use tiles::{TILE_HEIGHT, TILE_WIDTH, tiles};
pub use tree::{Frontier, empty_root, leaf_hash, node_hash, root_of};

/// The tree under its plain name.
pub type Tree = Frontier;
