//! Advisories for machines: the documents of CSAF 2.0 and 2.1 that a released advisory left, and the tree of a trusted
//! provider that is made of them; and documents of others that are taken over.
//!
//! A document is made once, in the change that releases its version, and kept: what is signed is what was released. The tree is
//! made whole from a list of all documents whenever one came, and put in the place of the one before in one step, so that nobody
//! reads half of it; the bytes of a document are read when somebody asks for them.

mod advisory;
mod document;
mod fetched;
mod judged;
mod number;
mod sign;
mod store;
pub mod takeover;
mod tree;
mod web;
mod words;

pub use document::tell_of_old;
pub(super) use document::{coming, end_in, hints, preview, problems, release_in};
pub(super) use judged::{Memory as Verdicts, judge};
pub use number::Numbered;
pub use sign::{Unsigned, count_unsigned, sign_all, take_signature, unsigned};
pub(super) use tree::links;
pub use tree::{Known, bytes, listing, ours, settings};
pub use web::{file, metadata_file};

/// The languages in which a publication left documents of their own.
pub(super) async fn languages(reader: &mut ::store::Reader) -> crate::Result<Vec<(::store::Id, String)>> {
    store::all_languages(reader).await
}
