//! Security advisories, from a draft to a CSAF trusted provider. CSAF is the Common Security Advisory
//! Framework of OASIS: 2.0 is the standard, 2.1 a committee draft (04 is what is written here). Pure: no
//! file, no socket, no clock, no randomness; time and ids come in as parameters, and the same input gives
//! the same bytes.
//!
//! # The life of a document
//!
//! 1. Somebody fills in an [`advisory::Advisory`]. It is our own model and knows no edition of CSAF, so
//!    it can be kept for as long as the team lasts. While they type, [`validate::advisory`] writes it,
//!    judges it and says for each finding which field it is about.
//! 2. Before it is released, [`version::difference`] compares it with the version before: what changed
//!    (for the change note and the page that shows it) and how much that weighs, from which
//!    [`version::next`] makes the number. The new [`advisory::Revision`] is added.
//! 3. [`write::bytes`] makes the document of each edition. Nothing may be released whose report
//!    ([`validate::check`]) is not [`validate::Report::is_valid`]. From here on the bytes are kept and
//!    signed, never made again.
//! 4. [`provider::build`] takes all released documents and makes the whole distribution: every file
//!    that requirements 1 to 20 ask for, each with the label that says who may have it.
//!    [`check::check`] judges such a distribution, ours or another's, by the same requirements.
//! 5. When it does not hold any more, [`withdraw::withdraw`] or [`withdraw::supersede`] makes the
//!    version that says so. [`translate::translate`] makes a document in another language, which lives
//!    from then on beside its original and is outdated once the original has a newer version.
//!
//! Documents of others come in through [`read::read`], which never trusts them, and go out again as our
//! own through [`read::republish`].
//!
//! # What lives where
//!
//! | module | what it knows |
//! |---|---|
//! | [`advisory`] | the model of authors: publisher, products, vulnerabilities, history |
//! | [`mod@write`] | CSAF 2.0 and 2.1 of it, the product tree, CVSS scores |
//! | [`version`] | what changed, how much, and the next number |
//! | [`validate`] | the schema and the numbered tests, as findings with JSON pointers |
//! | [`withdraw`], [`translate`] | the profiles for the end of a document and for other languages |
//! | [`read`] | foreign documents, flat; republishing them |
//! | [`provider`] | the files of a trusted provider: folders, indexes, ROLIE feeds, hashes, metadata |
//! | [`check`] | requirements 1 to 20, over anything that can be fetched |
//! | [`json`] | hostile JSON with bounds, and where it is broken |
//! | `judge` | the only module that names the validating library, whose interface moves |
//!
//! The feature `validate`, on by default, brings that library in; it is most of what there is to
//! compile. Without it everything else still works, and [`check`] says that it can't judge requirement 1.

pub mod advisory;
pub mod check;
pub mod fuzz;
pub mod json;
#[cfg(feature = "validate")]
mod judge;
mod name;
pub mod provider;
pub mod read;
pub mod translate;
#[cfg(feature = "validate")]
pub mod validate;
pub mod version;
pub mod withdraw;
pub mod write;

pub use name::file_name;
