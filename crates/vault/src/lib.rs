//! The vault keeps what must neither leak nor change: sealed blobs named by the hash of what is
//! inside ([`blob`]), copies sealed whole ([`whole`]), the Merkle log under the journal ([`log`]), and the exact bytes of a journal
//! entry with the check that a whole journal still stands ([`entry`]). One key file opens it all
//! ([`key`]). It knows no database and no network, so that a journal and a folder of blobs can be
//! verified years later without a server.
//!
//! `DESIGN.md` beside this crate answers why it is built this way.

pub mod blob;
mod disk;
pub mod entry;
mod error;
pub mod key;
pub mod log;
pub mod whole;

pub use error::{Error, Part, Result};
