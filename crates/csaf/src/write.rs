//! From an [`Advisory`] to a CSAF document. One writer for both editions: what differs between them
//! (section 2.1 of CSAF 2.1 lists it) is asked of [`Edition`] at the place where it differs.
//!
//! What is written is what stands in the advisory, also when it is wrong: an impossible vector or an
//! unknown product id goes into the document, and [`crate::validate`] points at it. Objects are sorted by
//! key (test 6.2.13) and nothing depends on a clock or a hash's order, so the same advisory gives the
//! same bytes on every machine.

mod document;
mod object;
mod score;
mod tree;
mod vulnerability;

pub(crate) use document::publisher;
#[cfg(feature = "validate")]
pub(crate) use document::put_before;
pub use score::{Severity, rating};
pub use tree::leaves;

use crate::advisory::Advisory;
use serde_json::Value;
use std::fmt;

/// Which text of the standard a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// CSAF 2.0 with errata 01: the standard.
    V20,
    /// CSAF 2.1, as of committee specification draft 04.
    V21,
}

impl Edition {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::V20, Self::V21];

    /// `document.csaf_version`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
        }
    }

    /// The schema's own URL.
    pub fn schema(self) -> &'static str {
        match self {
            Self::V20 => "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json",
            Self::V21 => "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The document of an advisory.
pub fn document(advisory: &Advisory, edition: Edition) -> Value {
    let mut document = document::whole(advisory, edition);
    document.sort_all_objects();
    document
}

/// The document of an advisory as the bytes of its file: UTF-8, indented by two, ended by a newline.
pub fn bytes(advisory: &Advisory, edition: Edition) -> Vec<u8> {
    file(&document(advisory, edition))
}

/// A JSON value as the bytes of a file.
pub(crate) fn file(value: &Value) -> Vec<u8> {
    let mut text = format!("{value:#}");
    text.push('\n');
    text.into_bytes()
}

/// A value of one of our enumerations as its word in CSAF.
pub(crate) fn word(of: impl serde::Serialize) -> Value {
    // Only enumerations without fields come here, which always have a word.
    serde_json::to_value(of).unwrap_or_default()
}
