//! Who finds the metadata: requirements 8 to 10, of which one is needed.

use super::book::Book;
use super::visit::{Visit, get};
use super::{Outside, text};
use crate::json;

pub(super) fn judge(visit: &Visit, outside: &mut Outside<'_>, book: &mut Book) {
    let host = visit.url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    if host.is_empty() {
        return;
    }
    security_txt(visit, host, outside, book);
    let namespace = text(&visit.metadata, "/publisher/namespace");
    let places = [(9, format!("https://{host}/.well-known/csaf/provider-metadata.json")), (10, format!("https://csaf.data.security.{host}"))];
    for (number, url) in places {
        match get(&url, outside, book) {
            Ok(answer) if answer.redirects > 0 => book.fault(number, &url, "it is not served directly"),
            // Another edition may be the one that is served here (CSAF 2.1, section 7.4).
            Ok(answer) => match json::parse(&answer.body) {
                Ok(found) if !namespace.is_empty() && text(&found, "/publisher/namespace") == namespace => book.looked(number),
                _ => book.fault(number, &url, "this is not the provider's metadata"),
            },
            Err(words) if visit.folder => book.unjudged(number, words),
            Err(words) => book.fault(number, &url, words),
        }
    }
}

fn security_txt(visit: &Visit, host: &str, outside: &mut Outside<'_>, book: &mut Book) {
    let url = format!("https://{host}/.well-known/security.txt");
    match get(&url, outside, book) {
        Ok(answer) => {
            let content = String::from_utf8_lossy(&answer.body);
            let named = content.lines().filter_map(|line| line.split_once(':')).filter(|(field, _)| field.trim().eq_ignore_ascii_case("csaf"));
            let canonical = text(&visit.metadata, "/canonical_url");
            let mut fields = named.map(|(_, url)| url.trim());
            if fields.any(|found| found == visit.url || found == canonical) {
                book.looked(8);
            } else {
                book.fault(8, &url, "no field CSAF names this metadata");
            }
        }
        Err(words) if visit.folder => book.unjudged(8, words),
        Err(words) => book.fault(8, &url, words),
    }
}
