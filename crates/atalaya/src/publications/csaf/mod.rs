//! Advisories for machines: the documents of CSAF 2.0 and 2.1 that a released advisory left, and the tree of a trusted
//! provider that is made of them.
//!
//! A document is made once, in the change that releases its version, and kept: what is signed is what was released. The tree is
//! made whole from all documents whenever one came, and put in the place of the one before in one step, so that nobody reads
//! half of it.

mod document;
mod sign;
mod store;
mod tree;
mod web;

pub(super) use document::{end_in, problems, release_in};
pub use sign::{Unsigned, sign_all, take_signature, unsigned};
pub use tree::{Known, build, ours, settings};
pub use web::{file, metadata_file};
