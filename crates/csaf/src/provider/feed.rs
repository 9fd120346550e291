//! ROLIE feeds and category documents (RFC 8322 in its JSON form; requirements 15 and 17).

use super::{Document, url};
use crate::write::{Edition, file};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A feed that was written.
pub(super) struct Feed {
    pub path: String,
    pub summary: String,
    pub tlp: Tlp,
    pub updated: Timestamp,
}

/// A document in a feed.
pub(super) struct Entry<'a> {
    pub document: &'a Document,
    pub path: String,
    pub signed: bool,
}

/// When a feed last changed: with its newest document, or when the provider began.
pub(super) fn updated(entries: &[&Entry<'_>], changed: Timestamp) -> Timestamp {
    entries.iter().map(|entry| entry.document.current_release_date).max().unwrap_or(changed)
}

/// The feed's file. Its entries come newest first.
pub(super) fn bytes(feed: &Feed, base: &str, edition: Edition, entries: &[&Entry<'_>]) -> Vec<u8> {
    let entries: Vec<Value> = entries.iter().map(|entry| one(entry, base, edition)).collect();
    let name = feed.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
    finished(json!({"feed": {
        "id": name,
        "title": feed.summary,
        "link": [{"rel": "self", "href": url(base, &feed.path)}],
        "category": [information_type()],
        "updated": feed.updated.to_string(),
        "entry": entries,
    }}))
}

fn one(entry: &Entry<'_>, base: &str, edition: Edition) -> Value {
    let document = entry.document;
    let at = url(base, &entry.path);
    let mut links = vec![json!({"rel": "self", "href": at})];
    for extension in ["sha256", "sha512"] {
        links.push(json!({"rel": "hash", "href": format!("{at}.{extension}")}));
    }
    if entry.signed {
        links.push(json!({"rel": "signature", "href": format!("{at}.asc")}));
    }
    let scheme = |name: &str| format!("urn:csaf:category:{name}");
    let mut categories: Vec<Value> = document.language.iter().map(|term| json!({"scheme": scheme("language"), "term": term})).collect();
    categories.extend(document.sectors.iter().map(|term| json!({"scheme": scheme("sector"), "term": term})));
    categories.extend(document.vendors.iter().map(|term| json!({"scheme": scheme("vendor"), "term": term})));
    let mut found = json!({
        "id": document.id,
        "title": document.title,
        "link": links,
        "published": document.initial_release_date.to_string(),
        "updated": document.current_release_date.to_string(),
        "summary": {"content": document.summary},
        "content": {"type": "application/json", "src": at},
        "format": {"schema": edition.schema(), "version": edition.as_str()},
    });
    if let Some(fields) = found.as_object_mut()
        && !categories.is_empty()
    {
        fields.insert("category".to_owned(), categories.into());
    }
    found
}

/// The category document of a label: the words that its documents can be told apart by.
pub(super) fn categories(entries: &[Entry<'_>]) -> Vec<u8> {
    let words = entries.iter().flat_map(|entry| entry.document.language.iter().chain(&entry.document.sectors).chain(&entry.document.vendors));
    let terms: BTreeSet<&String> = words.collect();
    let terms: Vec<Value> = terms.into_iter().map(|term| json!({"term": term})).collect();
    finished(json!({"categories": {"category": terms}}))
}

/// The category that every feed of CSAF documents has (requirement 15).
pub(super) fn information_type() -> Value {
    json!({"scheme": "urn:ietf:params:rolie:category:information-type", "term": "csaf"})
}

/// Sorted by key, so that the order does not hang on how the JSON library was compiled.
pub(super) fn finished(mut value: Value) -> Vec<u8> {
    value.sort_all_objects();
    file(&value)
}
