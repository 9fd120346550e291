//! ROLIE: requirements 15 to 17. The service and category documents are optional, so only what the
//! metadata names is looked at.

use super::book::Book;
use super::visit::{Feed, Visit};
use super::{items, label, text};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn judge(visit: &Visit, book: &mut Book) {
    let named = items(&visit.metadata, "/distributions").iter().any(|one| one.pointer("/rolie").is_some());
    if !named {
        for number in 15..=17 {
            book.unjudged(number, "the metadata names no ROLIE feed");
        }
        return;
    }
    book.looked(15);
    book.looked(16);
    book.looked(17);
    for feed in &visit.feeds {
        one(visit, feed, book);
    }
    if !visit.feeds.iter().any(|feed| matches!(feed.label.as_str(), "CLEAR" | "WHITE" | "GREEN" | "UNLABELED")) {
        book.fault(15, &visit.url, "one feed of TLP:CLEAR, GREEN or without label is expected");
    }
    summary(visit, book);
}

fn one(visit: &Visit, feed: &Feed, book: &mut Book) {
    let content = &feed.content;
    let is_ours = |category: &Value| text(category, "/scheme") == "urn:ietf:params:rolie:category:information-type" && text(category, "/term") == "csaf";
    if !items(content, "/feed/category").iter().any(is_ours) {
        book.fault(15, &feed.url, "/feed/category: the information type csaf is expected");
    }
    for field in ["/feed/id", "/feed/title", "/feed/updated"] {
        if text(content, field).is_empty() {
            book.fault(15, &feed.url, format_args!("{field}: a text is expected"));
        }
    }
    if !has_link(content, "/feed/link", "self", &feed.url) {
        book.fault(15, &feed.url, "/feed/link: a link to itself is expected");
    }
    for (n, entry) in items(content, "/feed/entry").iter().enumerate() {
        let at = format!("/feed/entry/{n}");
        let source = text(entry, "/content/src");
        if !has_link(entry, "/link", "self", source) {
            book.fault(15, &feed.url, format_args!("{at}/link: a link to the document is expected"));
        }
        let Some(document) = visit.documents.get(source) else { continue };
        let instant = |value: &Value, pointer: &str| text(value, pointer).parse::<Timestamp>().ok();
        if instant(entry, "/updated") != instant(&document.content, "/document/tracking/current_release_date") {
            book.fault(15, &feed.url, format_args!("{at}/updated: the document's current_release_date is expected"));
        }
        if text(entry, "/id") != text(&document.content, "/document/tracking/id") {
            book.fault(15, &feed.url, format_args!("{at}/id: the document's id is expected"));
        }
        for (rel, number) in [("hash", 18), ("signature", 19)] {
            if !items(entry, "/link").iter().any(|link| text(link, "/rel") == rel) {
                book.fault(number, &feed.url, format_args!("{at}/link: a link of the kind {rel} is expected"));
            }
        }
    }
}

/// All documents of a label stand together in some feed of that label.
fn summary(visit: &Visit, book: &mut Book) {
    let mut by_label: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for document in visit.documents.values() {
        by_label.entry(label(&document.content)).or_default().insert(text(&document.content, "/document/tracking/id"));
    }
    for (label, ids) in by_label {
        let has_all = |feed: &&Feed| {
            let listed: BTreeSet<&str> = items(&feed.content, "/feed/entry").iter().map(|entry| text(entry, "/id")).collect();
            ids.is_subset(&listed)
        };
        if !visit.feeds.iter().filter(|feed| feed.label == label || label.is_empty()).any(|feed| has_all(&feed)) {
            book.fault(15, &visit.url, format_args!("no feed has all documents of TLP:{label}"));
        }
    }
}

fn has_link(value: &Value, pointer: &str, rel: &str, href: &str) -> bool {
    items(value, pointer).iter().any(|link| text(link, "/rel") == rel && text(link, "/href") == href)
}
