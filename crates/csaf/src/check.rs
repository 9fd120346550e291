//! Whether a provider fulfils the numbered requirements 1 to 20 (section 7.1), ours or somebody else's,
//! over the network or in a folder. The crate opens nothing itself: it is given something that fetches
//! and something that knows OpenPGP.
//!
//! One run judges one `provider-metadata.json`, so a provider with both editions is checked twice. What
//! can't be told from where one stands, such as TLS in a folder, is said to be so and counts as neither.

mod access;
mod book;
mod directories;
mod documents;
mod feeds;
mod metadata;
mod visit;

pub use book::{Outcome, Place, Verdict, role};

use crate::write::Edition;
use serde_json::Value;

/// What a request for a URL, without credentials, came back with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status; 200 for a file that is there.
    pub status: u16,
    /// How many redirects were followed to get here.
    pub redirects: u32,
    /// How it came.
    pub over: Transport,
    /// The content. Whoever fetches bounds it; [`crate::json::BYTES`] is what is read of it.
    pub body: Vec<u8>,
}

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// HTTPS with a certificate that holds.
    Tls,
    /// HTTP.
    Plain,
    /// From a folder on disk, which says nothing about the server.
    Folder,
}

/// Bytes, a detached signature and the keys, both ASCII-armored; an error says in words what is wrong.
pub type Verify<'a> = dyn FnMut(&[u8], &str, &[String]) -> Result<(), String> + 'a;

/// What goes out to get things, and what knows signatures.
pub struct Outside<'a> {
    /// Gets a URL; the error says in words why there was no answer at all.
    pub fetch: &'a mut dyn FnMut(&str) -> Result<Answer, String>,
    /// Whether a detached signature is good.
    pub verify: &'a mut Verify<'a>,
    /// The fingerprint of an armored public key, in hexadecimal digits.
    pub fingerprint: &'a mut dyn FnMut(&str) -> Result<String, String>,
}

/// How many documents are fetched, at most. A larger provider is judged by its newest ones.
pub const DOCUMENTS: usize = 20_000;

/// The verdicts on the provider whose metadata is at this URL: one for each requirement, in order.
pub fn check(metadata: &str, outside: &mut Outside<'_>) -> Vec<Verdict> {
    let mut book = book::Book::new();
    if let Some(visit) = visit::visit(metadata, outside, &mut book) {
        access::judge(&visit, outside, &mut book);
        metadata::judge(&visit, outside, &mut book);
        directories::judge(&visit, outside, &mut book);
        feeds::judge(&visit, &mut book);
        documents::judge(&visit, outside, &mut book);
    }
    book.close()
}

/// The text of a property, empty when it is missing.
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a list, none when it is missing.
fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether a label keeps a document from the public (requirement 5).
fn is_restricted(label: &str) -> bool {
    matches!(label, "AMBER" | "AMBER+STRICT" | "RED")
}

/// The label of a document; 2.0 documents may have none.
fn label(document: &Value) -> &str {
    text(document, "/document/distribution/tlp/label")
}

fn edition(metadata: &Value) -> Option<Edition> {
    Edition::ALL.into_iter().find(|edition| edition.as_str() == text(metadata, "/metadata_version"))
}
