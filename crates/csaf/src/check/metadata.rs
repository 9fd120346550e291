//! The metadata and its keys: requirements 7 and 20.

use super::book::Book;
use super::visit::{Visit, get};
use super::{Outside, items, text};
use crate::write::Edition;
use jiff::Timestamp;
use serde_json::Value;

const CATEGORIES: [&str; 7] = ["coordinator", "discoverer", "multiplier", "other", "translator", "user", "vendor"];

pub(super) fn judge(visit: &Visit, outside: &mut Outside<'_>, book: &mut Book) {
    book.looked(7);
    let (metadata, url) = (&visit.metadata, visit.url.as_str());
    let mut fault = |words: String| book.fault(7, url, words);
    if visit.edition.is_none() {
        fault("/metadata_version: 2.0 or 2.1 is expected".to_owned());
    }
    let canonical = text(metadata, "/canonical_url");
    if !canonical.starts_with("https://") || !canonical.ends_with("/provider-metadata.json") {
        fault("/canonical_url: https://…/provider-metadata.json is expected".to_owned());
    }
    if text(metadata, "/last_updated").parse::<Timestamp>().is_err() {
        fault("/last_updated: an instant is expected (RFC 3339)".to_owned());
    }
    for flag in ["/list_on_CSAF_aggregators", "/mirror_on_CSAF_aggregators"] {
        if metadata.pointer(flag).and_then(Value::as_bool).is_none() {
            fault(format!("{flag}: true or false is expected"));
        }
    }
    if !matches!(text(metadata, "/role"), "csaf_publisher" | "csaf_provider" | "csaf_trusted_provider") {
        fault("/role: one of the three roles is expected".to_owned());
    }
    for field in ["/publisher/name", "/publisher/namespace"] {
        if text(metadata, field).is_empty() {
            fault(format!("{field}: a text is expected"));
        }
    }
    let category = text(metadata, "/publisher/category");
    if !CATEGORIES.contains(&category) || (visit.edition == Some(Edition::V20) && category == "multiplier") {
        fault("/publisher/category: this is no category of a publisher".to_owned());
    }
    if items(metadata, "/distributions").is_empty() {
        fault("/distributions: at least one is expected".to_owned());
    }
    labels(visit, &mut fault);
    keys(visit, outside, book);
}

/// Each feed has a label of its edition and an address.
fn labels(visit: &Visit, fault: &mut dyn FnMut(String)) {
    let known: &[&str] = match visit.edition {
        Some(Edition::V21) => &["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"],
        _ => &["UNLABELED", "WHITE", "GREEN", "AMBER", "RED"],
    };
    for (d, distribution) in items(&visit.metadata, "/distributions").iter().enumerate() {
        for (n, feed) in items(distribution, "/rolie/feeds").iter().enumerate() {
            let at = format!("/distributions/{d}/rolie/feeds/{n}");
            if !known.contains(&text(feed, "/tlp_label")) {
                fault(format!("{at}/tlp_label: this is no label of the edition"));
            }
            if text(feed, "/url").strip_suffix(".json").is_none() {
                fault(format!("{at}/url: a URL that ends in .json is expected"));
            }
            if visit.edition == Some(Edition::V21) && text(feed, "/last_updated").parse::<Timestamp>().is_err() {
                fault(format!("{at}/last_updated: an instant is expected (RFC 3339)"));
            }
        }
    }
}

fn keys(visit: &Visit, outside: &mut Outside<'_>, book: &mut Book) {
    let keys = items(&visit.metadata, "/public_openpgp_keys");
    if keys.is_empty() {
        book.fault(20, &visit.url, "/public_openpgp_keys: at least one key is expected");
    }
    for key in keys {
        let url = text(key, "/url");
        book.looked(20);
        let armored = match get(url, outside, book) {
            Ok(answer) => String::from_utf8_lossy(&answer.body).into_owned(),
            Err(words) => {
                book.fault(20, url, words);
                continue;
            }
        };
        if !armored.trim_start().starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
            book.fault(20, url, "this is no ASCII-armored public key");
            continue;
        }
        match (outside.fingerprint)(&armored) {
            Ok(found) if found.eq_ignore_ascii_case(text(key, "/fingerprint")) => {}
            Ok(found) => book.fault(20, url, format_args!("the key has the fingerprint {found}, the metadata says {}", text(key, "/fingerprint"))),
            Err(words) => book.fault(20, url, words),
        }
    }
}
