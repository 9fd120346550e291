//! What a document says, in a flat form.

use super::products::{Found, flat};
use super::{items, text};
use crate::advisory::{Reference, ReferenceCategory};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A foreign document, flat. Texts are as they stand there, markup and all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// `document.csaf_version`.
    pub edition: String,
    /// The tracking id.
    pub id: String,
    /// `document.category`.
    pub category: String,
    /// The title.
    pub title: String,
    /// The publisher's name.
    pub publisher: String,
    /// The publisher's namespace.
    pub namespace: String,
    /// Its role, as CSAF's word.
    pub publisher_category: String,
    /// The label; nothing when it has none, which is not the same as CLEAR.
    pub tlp: Option<Tlp>,
    /// The language, and the one that it was translated from.
    pub language: Option<String>,
    /// See [`Summary::language`].
    pub source_language: Option<String>,
    /// The version.
    pub version: String,
    /// Draft, interim or final, as CSAF's word.
    pub status: String,
    /// When the first version was released.
    pub initial_release_date: Option<Timestamp>,
    /// When this version was released.
    pub current_release_date: Option<Timestamp>,
    /// The numbers and dates of its history, in the document's order.
    pub revisions: Vec<(String, Option<Timestamp>)>,
    /// The text of the first `summary` note, or of the first note at all.
    pub summary: Option<String>,
    /// Every product.
    pub products: Vec<Found>,
    /// Every vulnerability.
    pub vulnerabilities: Vec<Weakness>,
    /// Where else to read about it.
    pub references: Vec<Reference>,
}

/// One vulnerability of a foreign document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weakness {
    /// Its CVE id.
    pub cve: Option<String>,
    /// Its names in other systems.
    pub ids: Vec<String>,
    /// Its title.
    pub title: Option<String>,
    /// Ids of weaknesses: `CWE-787`.
    pub cwes: Vec<String>,
    /// Product ids by status, as CSAF's word.
    pub statuses: BTreeMap<String, Vec<String>>,
    /// CVSS vectors with their products.
    pub scores: Vec<Scored>,
    /// Its references.
    pub references: Vec<Reference>,
}

/// A CVSS vector and the product ids that it is for. The score is not taken over: [`crate::write::rating`]
/// computes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The vector with its prefix, except for CVSS 2.0, which has none.
    pub vector: String,
    /// The product ids.
    pub products: Vec<String>,
}

/// Something that was left out of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The JSON pointer in the document.
    pub pointer: String,
    /// What is wrong there.
    pub words: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.words)
    }
}

pub(super) fn of(whole: &Value) -> (Summary, Vec<Problem>) {
    let mut problems = Vec::new();
    let empty = Value::Null;
    let head = whole.get("document").unwrap_or(&empty);
    let part = |key: &str| head.get(key).unwrap_or(&empty);
    let (tracking, publisher) = (part("tracking"), part("publisher"));
    let mut need = |value: &Value, key: &str, pointer: &str| -> String {
        let found = text(value, key).map(str::to_owned);
        if found.is_none() {
            problems.push(Problem { pointer: format!("/document{pointer}/{key}"), words: "a text is needed here" });
        }
        found.unwrap_or_default()
    };
    let mut summary = Summary {
        edition: need(head, "csaf_version", ""),
        id: need(tracking, "id", "/tracking"),
        category: need(head, "category", ""),
        title: need(head, "title", ""),
        publisher: need(publisher, "name", "/publisher"),
        namespace: need(publisher, "namespace", "/publisher"),
        publisher_category: need(publisher, "category", "/publisher"),
        version: need(tracking, "version", "/tracking"),
        status: need(tracking, "status", "/tracking"),
        language: text(head, "lang").map(str::to_owned),
        source_language: text(head, "source_lang").map(str::to_owned),
        ..Summary::default()
    };
    let mut date = |value: &Value, key: &str, pointer: &str| -> Option<Timestamp> {
        let found = text(value, key).and_then(|text| text.parse().ok());
        if found.is_none() {
            problems.push(Problem { pointer: format!("/document/tracking{pointer}/{key}"), words: "an instant is needed here (RFC 3339)" });
        }
        found
    };
    summary.initial_release_date = date(tracking, "initial_release_date", "");
    summary.current_release_date = date(tracking, "current_release_date", "");
    for (n, one) in items(tracking, "revision_history").iter().enumerate() {
        let number = text(one, "number").unwrap_or_default().to_owned();
        summary.revisions.push((number, date(one, "date", &format!("/revision_history/{n}"))));
    }
    if let Some(label) = head.pointer("/distribution/tlp/label") {
        summary.tlp = label.as_str().and_then(|label| label.parse().ok());
        if summary.tlp.is_none() {
            problems.push(Problem { pointer: "/document/distribution/tlp/label".to_owned(), words: "this is no TLP label" });
        }
    }
    let notes = items(head, "notes");
    let note = notes.iter().find(|note| text(note, "category") == Some("summary")).or_else(|| notes.first());
    summary.summary = note.and_then(|note| text(note, "text")).map(str::to_owned);
    summary.references = references(head, "/document", &mut problems);
    summary.products = flat(whole.get("product_tree").unwrap_or(&empty));
    for (n, one) in items(whole, "vulnerabilities").iter().enumerate() {
        summary.vulnerabilities.push(weakness(one, &format!("/vulnerabilities/{n}"), &mut problems));
    }
    (summary, problems)
}

fn weakness(one: &Value, at: &str, problems: &mut Vec<Problem>) -> Weakness {
    let cwes = one.get("cwe").into_iter().chain(items(one, "cwes")).filter_map(|cwe| text(cwe, "id")).map(str::to_owned).collect();
    let mut found = Weakness {
        cve: text(one, "cve").map(str::to_owned),
        ids: items(one, "ids").iter().filter_map(|id| text(id, "text")).map(str::to_owned).collect(),
        title: text(one, "title").map(str::to_owned),
        cwes,
        references: references(one, at, problems),
        ..Weakness::default()
    };
    if let Some(statuses) = one.get("product_status").and_then(Value::as_object) {
        for (status, products) in statuses {
            found.statuses.insert(status.clone(), texts(products));
        }
    }
    for metric in items(one, "scores").iter().chain(items(one, "metrics")) {
        let content = metric.get("content").unwrap_or(metric);
        let products = metric.get("products").map(texts).unwrap_or_default();
        for name in ["cvss_v2", "cvss_v3", "cvss_v4"] {
            if let Some(vector) = content.get(name).and_then(|score| text(score, "vectorString")) {
                found.scores.push(Scored { vector: vector.to_owned(), products: products.clone() });
            }
        }
    }
    found
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What is said of what [`is_link`] is not true of.
pub(super) const NO_LINK: &str = "this is no link to follow";

/// Whether a browser can follow it without harm.
pub(super) fn is_link(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(scheme.as_str(), "https" | "http" | "ftp") && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// References that can be followed by a browser; `javascript:` and the like are left out and told.
pub(super) fn references(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Vec<Reference> {
    let mut found = Vec::new();
    for (n, one) in items(value, "references").iter().enumerate() {
        let url = text(one, "url").unwrap_or_default();
        if !is_link(url) {
            problems.push(Problem { pointer: format!("{at}/references/{n}/url"), words: NO_LINK });
            continue;
        }
        let category = if text(one, "category") == Some("self") { ReferenceCategory::Same } else { ReferenceCategory::External };
        found.push(Reference { category, summary: text(one, "summary").unwrap_or(url).to_owned(), url: url.to_owned() });
    }
    found
}
