//! Passing on what a vendor published, as a document of our own.
//!
//! A republished document has its own revision history and dates. One that keeps the vendor's is missed
//! by whoever fetches only what changed since their last visit, because it appears with a date that lies
//! before it. The original stands in the references, its id in the aliases.

use super::{items, text};
use crate::advisory::{Publisher, PublisherCategory, Revision, Status};
use crate::json;
use crate::write::{Edition, file, publisher, word};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What a document is republished with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Republication {
    /// Who republishes. Its category is written as `other`, in CSAF 2.1 `multiplier`.
    pub publisher: Publisher,
    /// The id here; nothing keeps the original's.
    pub id: Option<String>,
    /// Where the original is.
    pub original: String,
    /// The words of the reference to it.
    pub words: String,
    /// The history here, the oldest first: at least the revision that is released now.
    pub revisions: Vec<Revision>,
    /// How finished our document is.
    pub status: Status,
}

/// Why a document can't be republished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It can't be read.
    #[error("the document can't be read: {0}")]
    Broken(#[from] json::Broken),
    /// It is no CSAF document.
    #[error("/document/csaf_version: 2.0 or 2.1 is expected")]
    Edition,
    /// Without these parts there is nothing to put ours in place of.
    #[error("{0}: an object is needed here")]
    Part(&'static str),
    /// A document has a history.
    #[error("the history here is empty")]
    History,
}

/// The document as ours, in the bytes of a file, released `now`.
pub fn republish(bytes: &[u8], by: &Republication, now: Timestamp) -> Result<Vec<u8>, Error> {
    let mut whole = json::parse(bytes)?;
    let version = whole.pointer("/document/csaf_version").and_then(Value::as_str);
    let edition = Edition::ALL.into_iter().find(|edition| Some(edition.as_str()) == version).ok_or(Error::Edition)?;
    let newest = by.revisions.last().ok_or(Error::History)?.number.clone();
    let first = by.revisions.first().map_or(now, |first| first.date);

    let head = whole.get_mut("document").and_then(Value::as_object_mut).ok_or(Error::Part("/document"))?;
    let mut ours = by.publisher.clone();
    ours.category = PublisherCategory::Multiplier;
    head.insert("publisher".to_owned(), publisher(&ours, edition).into());
    let theirs = head.get("references").cloned().unwrap_or_default();
    head.insert("references".to_owned(), references(by, &theirs).into());

    let tracking = head.get_mut("tracking").and_then(Value::as_object_mut).ok_or(Error::Part("/document/tracking"))?;
    let old = tracking.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(id) = by.id.as_ref().filter(|id| **id != old) {
        let mut aliases = tracking.get("aliases").and_then(Value::as_array).cloned().unwrap_or_default();
        if !old.is_empty() && !aliases.iter().any(|alias| *alias == old) {
            aliases.push(old.into());
        }
        tracking.insert("aliases".to_owned(), aliases.into());
        tracking.insert("id".to_owned(), id.as_str().into());
    }
    // What made the original did not make this one.
    tracking.remove("generator");
    let revisions: Vec<Value> = by.revisions.iter().map(|one| json!({"date": one.date.to_string(), "number": one.number, "summary": one.summary})).collect();
    tracking.insert("revision_history".to_owned(), revisions.into());
    tracking.insert("version".to_owned(), newest.into());
    tracking.insert("status".to_owned(), word(by.status));
    tracking.insert("initial_release_date".to_owned(), first.to_string().into());
    tracking.insert("current_release_date".to_owned(), now.to_string().into());
    whole.sort_all_objects();
    Ok(file(&whole))
}

/// The original first. What led to the original itself leads elsewhere from here.
fn references(by: &Republication, theirs: &Value) -> Vec<Value> {
    let first = json!({"category": "external", "summary": by.words, "url": by.original});
    let wrapped = json!({"references": theirs});
    let rest = items(&wrapped, "references").iter().filter(|one| text(one, "url") != Some(&by.original)).cloned().map(|mut one| {
        if text(&one, "category") == Some("self")
            && let Some(fields) = one.as_object_mut()
        {
            fields.insert("category".to_owned(), "external".into());
        }
        one
    });
    std::iter::once(first).chain(rest).collect()
}
