//! The whole distribution of a CSAF trusted provider as a list of files (section 7.1, requirements 1 to
//! 20): documents, hashes, signatures, indexes, ROLIE feeds, keys and `provider-metadata.json`, for CSAF
//! 2.0 and beside it for 2.1 (section 7.4 of 2.1).
//!
//! It is always built whole and from nothing but its input, so that a site can put the new tree in the
//! place of the old one at once and two machines build the same bytes. Each file carries the label of
//! the most restricted thing in it; whoever serves the files asks for a token by that label alone.
//!
//! ```text
//! provider-metadata.json       service.json       openpgp/FINGERPRINT.asc
//! white/                       index.txt, changes.csv, feeds, category documents
//! white/2026/                  ex-2026-0001.json, .json.sha256, .json.sha512, .json.asc
//! green/  amber/  red/         the same, each for its label
//! v2.1/                        the same once more; there white is clear, and amber+strict has a folder
//! ```
//!
//! CSAF 2.0 has no label AMBER+STRICT. A document with it is distributed in 2.1 only: in a feed of AMBER
//! it would reach those who may not see it.

mod document;
mod feed;
mod folder;
mod listing;
mod metadata;
mod sums;

pub use document::{Body, Document, Unlike};
pub use sums::Sums;

use crate::advisory::Publisher;
use crate::file_name;
use crate::write::Edition;
use formats::label::Tlp;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// A public OpenPGP key that documents are signed with, or were (requirement 20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The fingerprint in hexadecimal digits, 40 or more.
    pub fingerprint: String,
    /// The key, ASCII-armored.
    pub armored: String,
}

/// What a provider says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where `provider-metadata.json` is: `https://csirt.example/.well-known/csaf/provider-metadata.json`.
    /// Everything else lies beside it.
    pub canonical_url: String,
    /// Who publishes.
    pub publisher: Publisher,
    /// The keys, the current one first.
    pub keys: Vec<Key>,
    /// Which requirements it means to fulfil (section 7.2).
    pub role: Role,
    /// Whether aggregators may list it.
    pub list_on_aggregators: bool,
    /// Whether aggregators may hand out copies.
    pub mirror_on_aggregators: bool,
    /// Which feeds the public metadata and service documents name, at most. Naming a feed tells that it
    /// exists and, in 2.1, when it last changed.
    pub announced: Tlp,
    /// When the settings or keys last changed; `last_updated` is this or the newest document, whichever
    /// is later.
    pub changed: Timestamp,
}

/// The role of a provider (section 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Requirements 1 to 4.
    Publisher,
    /// And 5 to 7, one of 8 to 10, and 11 to 14 or 15 to 17.
    Provider,
    /// And 18 to 20.
    TrustedProvider,
}

impl Role {
    /// CSAF's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publisher => "csaf_publisher",
            Self::Provider => "csaf_provider",
            Self::TrustedProvider => "csaf_trusted_provider",
        }
    }
}

/// One file of the distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path beside the metadata, with `/` between folders: `white/2026/ex-2026-0001.json`.
    pub path: String,
    /// Its content; of a document that lies elsewhere, its sums.
    pub body: Body,
    /// Who may have it.
    pub label: Tlp,
}

/// The distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Every file, by path.
    pub files: Vec<File>,
    /// The paths of documents without a signature, to be signed before a trusted provider may publish.
    pub unsigned: Vec<String>,
}

/// Why there is no distribution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address must end so (schema of the metadata) and use TLS (requirement 3).
    #[error("canonical_url is {0:?}, expected https://…/provider-metadata.json")]
    Canonical(String),
    /// Two ids may not share a file (section 5.1).
    #[error("{0:?} and {1:?} would both be {2:?}")]
    SameName(String, String, String),
    /// An id of nothing but strange characters names no file.
    #[error("{0:?} gives no file name")]
    NoName(String),
    /// CSAF 2.0 has no such label.
    #[error("{0:?} is labelled AMBER+STRICT, which CSAF 2.0 does not have; give it as 2.1 only")]
    Strict(String),
    /// A fingerprint that is none.
    #[error("{0:?} is not a fingerprint: 40 or more hexadecimal digits are expected")]
    Fingerprint(String),
}

/// The distribution of these documents.
///
/// `sign` gives the ASCII-armored detached signature of a document, or nothing when there is
/// none yet; its first argument is the path. Signing may be another machine's work, so what is missing
/// comes back in [`Tree::unsigned`].
pub fn build(documents: &[Document], settings: &Settings, sign: &mut dyn FnMut(&str, &Body) -> Option<String>) -> Result<Tree, Error> {
    let base = base(&settings.canonical_url)?;
    names(documents)?;
    if let Some(strict) = documents.iter().find(|document| document.tlp == Tlp::AmberStrict && document.v20.is_some()) {
        return Err(Error::Strict(strict.id.clone()));
    }
    let hexadecimal = |key: &&Key| key.fingerprint.len() < 40 || !key.fingerprint.bytes().all(|c| c.is_ascii_hexdigit());
    if let Some(bad) = settings.keys.iter().find(hexadecimal) {
        return Err(Error::Fingerprint(bad.fingerprint.clone()));
    }

    let mut files = BTreeMap::new();
    let mut unsigned = Vec::new();
    for key in &settings.keys {
        put(&mut files, metadata::key_path(key), key.armored.clone().into_bytes(), Tlp::Clear);
    }
    for edition in Edition::ALL {
        let mut feeds = Vec::new();
        for tlp in Tlp::ALL {
            let mut of_label: Vec<&Document> = documents.iter().filter(|one| one.tlp == tlp && one.body(edition).is_some()).collect();
            // A feed of CLEAR always exists (requirement 15); the others only with something in them.
            if of_label.is_empty() && tlp != Tlp::Clear {
                continue;
            }
            of_label.sort_by(|a, b| b.current_release_date.cmp(&a.current_release_date).then_with(|| a.id.cmp(&b.id)));
            let folder = folder::Folder { edition, tlp, base, newest_first: &of_label, changed: settings.changed };
            folder.write(&mut files, &mut feeds, &mut unsigned, sign);
        }
        metadata::write(&mut files, settings, base, edition, &feeds, documents);
    }
    listing::write(&mut files);
    let files = files.into_values().collect();
    Ok(Tree { files, unsigned })
}

/// Where the metadata of both editions is, 2.0 first, as far as 2.0 is the standard: the lines that
/// `security.txt` has as `CSAF:` (requirement 8; the well-known URL has to be the first of them).
pub fn addresses(settings: &Settings) -> Result<[String; 2], Error> {
    let base = base(&settings.canonical_url)?;
    Ok(Edition::ALL.map(|edition| url(base, &format!("{}provider-metadata.json", edition_folder(edition)))))
}

/// Where a document lies beside the metadata (requirements 2 and 11): `white/2026/ex-2026-0001.json`. `first`: when its first version left.
pub fn path(edition: Edition, tlp: Tlp, first: Timestamp, id: &str) -> String {
    format!("{}{}/{}", folder(edition, tlp), first.to_zoned(TimeZone::UTC).year(), file_name(id))
}

/// The part of the canonical URL that every file's URL begins with, `/` at its end.
fn base(canonical: &str) -> Result<&str, Error> {
    let base = canonical.strip_suffix("provider-metadata.json").filter(|base| base.starts_with("https://") && base.ends_with('/'));
    base.ok_or_else(|| Error::Canonical(canonical.to_owned()))
}

/// Each file name is of one id, whatever its label and year.
fn names(documents: &[Document]) -> Result<(), Error> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for document in documents {
        let name = file_name(&document.id);
        if !name.trim_end_matches(".json").contains(|c: char| c.is_ascii_alphanumeric()) {
            return Err(Error::NoName(document.id.clone()));
        }
        if let Some(other) = taken.insert(name.clone(), &document.id) {
            return Err(Error::SameName(other.to_owned(), document.id.clone(), name));
        }
    }
    Ok(())
}

type Files = BTreeMap<String, File>;

fn put(files: &mut Files, path: String, bytes: Vec<u8>, label: Tlp) {
    put_body(files, path, Body::Here(bytes), label);
}

fn put_body(files: &mut Files, path: String, body: Body, label: Tlp) {
    files.insert(path.clone(), File { path, body, label });
}

/// The folder of a label in an edition, with `/` at its end.
fn folder(edition: Edition, tlp: Tlp) -> String {
    format!("{}{}/", edition_folder(edition), label_word(edition, tlp).to_lowercase())
}

/// The folder of an edition, empty or with `/` at its end.
fn edition_folder(edition: Edition) -> &'static str {
    match edition {
        Edition::V20 => "",
        Edition::V21 => "v2.1/",
    }
}

/// The label as the edition's metadata and folders have it.
fn label_word(edition: Edition, tlp: Tlp) -> &'static str {
    match (edition, tlp) {
        (Edition::V20, Tlp::Clear) => "WHITE",
        (_, tlp) => tlp.as_str(),
    }
}

/// A path as the rest of a URL: `+` is written out, since some servers read it as a space.
fn url(base: &str, path: &str) -> String {
    format!("{base}{}", path.replace('+', "%2B"))
}
