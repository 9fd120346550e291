//! The documents: requirements 1, 2, 4, 5, 18 and 19.

use super::book::Book;
use super::visit::{Document, Visit, get};
use super::{Outside, is_restricted, items, label, text};
use crate::file_name;
use crate::provider::Sums;

pub(super) fn judge(visit: &Visit, outside: &mut Outside<'_>, book: &mut Book) {
    let keys = armored_keys(visit, outside, book);
    if !book_has_restricted(visit) {
        book.unjudged(5, "nothing above TLP:GREEN is named here");
    }
    for (url, document) in &visit.documents {
        valid(url, document, book);
        named(url, document, book);
        reachable(visit, url, document, book);
        hashed(url, document, outside, book);
        signed(url, document, &keys, outside, book);
    }
}

fn book_has_restricted(visit: &Visit) -> bool {
    visit.documents.values().any(|document| is_restricted(label(&document.content)))
}

#[cfg(feature = "validate")]
fn valid(url: &str, document: &Document, book: &mut Book) {
    let report = crate::validate::check(&document.bytes, crate::validate::Preset::Basic);
    book.looked(1);
    if !report.is_valid() {
        for finding in report.blocking() {
            book.fault(1, url, finding);
        }
    }
}

#[cfg(not(feature = "validate"))]
fn valid(_: &str, _: &Document, book: &mut Book) {
    book.unjudged(1, "this program was built without a validator");
}

fn named(url: &str, document: &Document, book: &mut Book) {
    book.looked(2);
    let expected = file_name(text(&document.content, "/document/tracking/id"));
    if url.rsplit('/').next() != Some(expected.as_str()) {
        book.fault(2, url, format_args!("the name {expected} is expected"));
    }
}

/// A document that came is free, since no credentials were sent.
fn reachable(visit: &Visit, url: &str, document: &Document, book: &mut Book) {
    if !is_restricted(label(&document.content)) {
        book.looked(4);
        return;
    }
    if document.announced_clear && visit.edition.is_some_and(|edition| edition.as_str() == "2.1") {
        book.fault(5, url, format_args!("a document of TLP:{} stands among those of TLP:CLEAR", label(&document.content)));
    }
    if visit.folder {
        book.unjudged(5, "a folder shows no protection");
    } else {
        book.fault(5, url, format_args!("a document of TLP:{} is answered without credentials", label(&document.content)));
    }
}

fn hashed(url: &str, document: &Document, outside: &mut Outside<'_>, book: &mut Book) {
    book.looked(18);
    let mut found = 0;
    let has = Sums::of(&document.bytes);
    for (extension, expected) in [("sha256", has.sha256), ("sha512", has.sha512)] {
        let at = format!("{url}.{extension}");
        let Ok(answer) = get(&at, outside, book) else { continue };
        found += 1;
        let content = String::from_utf8_lossy(&answer.body);
        if content.split_whitespace().next() != Some(expected.as_str()) || content.starts_with(char::is_whitespace) {
            book.fault(18, &at, "this is not the document's hash in lower case");
        }
    }
    if found == 0 {
        book.fault(18, url, "there is no .sha256 and no .sha512 file");
    }
}

fn signed(url: &str, document: &Document, keys: &[String], outside: &mut Outside<'_>, book: &mut Book) {
    book.looked(19);
    let at = format!("{url}.asc");
    let answer = match get(&at, outside, book) {
        Ok(answer) => answer,
        Err(words) => return book.fault(19, &at, words),
    };
    let armored = String::from_utf8_lossy(&answer.body);
    if !armored.trim_start().starts_with("-----BEGIN PGP SIGNATURE-----") {
        return book.fault(19, &at, "this is no ASCII-armored signature");
    }
    if let Err(words) = (outside.verify)(&document.bytes, &armored, keys) {
        book.fault(19, &at, words);
    }
}

fn armored_keys(visit: &Visit, outside: &mut Outside<'_>, book: &mut Book) -> Vec<String> {
    let urls: Vec<&str> = items(&visit.metadata, "/public_openpgp_keys").iter().map(|key| text(key, "/url")).collect();
    let answers = urls.into_iter().filter_map(|url| get(url, outside, book).ok());
    answers.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()).collect()
}
