//! Folders: requirements 11 to 14.

use super::book::Book;
use super::visit::{Visit, get};
use super::{Outside, text};
use crate::write::Edition;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Why a folder that may well be right says nothing here.
const PROTECTED: &str = "the folder asks for credentials";

pub(super) fn judge(visit: &Visit, outside: &mut Outside<'_>, book: &mut Book) {
    if visit.directories.is_empty() {
        for number in 11..=14 {
            book.unjudged(number, "the metadata names no directory");
        }
    }
    for (directory, _) in &visit.directories {
        let below: BTreeSet<&str> = visit.documents.keys().filter_map(|url| url.strip_prefix(directory.as_str())).collect();
        for path in &below {
            year(visit, directory, path, book);
        }
        index(directory, &below, outside, book);
        changes(visit, directory, &below, outside, book);
        listing(visit, directory, &below, outside, book);
    }
}

fn year(visit: &Visit, directory: &str, path: &str, book: &mut Book) {
    let url = format!("{directory}{path}");
    let Some(document) = visit.documents.get(&url) else { return };
    book.looked(11);
    let expected = text(&document.content, "/document/tracking/initial_release_date").get(..4).unwrap_or_default();
    if path.split('/').next() != Some(expected) || path.matches('/').count() != 1 {
        book.fault(11, &url, format_args!("the folder {expected:?} is expected, the year of the first release"));
    }
}

fn index(directory: &str, below: &BTreeSet<&str>, outside: &mut Outside<'_>, book: &mut Book) {
    let url = format!("{directory}index.txt");
    let Some(content) = content(12, &url, outside, book) else { return };
    let listed: BTreeSet<&str> = content.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for missing in below.difference(&listed) {
        book.fault(12, &url, format_args!("{missing} is not listed"));
    }
    for gone in listed.difference(below) {
        book.fault(12, &url, format_args!("{gone} is listed and can't be had"));
    }
}

fn changes(visit: &Visit, directory: &str, below: &BTreeSet<&str>, outside: &mut Outside<'_>, book: &mut Book) {
    let url = format!("{directory}changes.csv");
    let Some(content) = content(13, &url, outside, book) else { return };
    let mut listed = BTreeSet::new();
    let mut before: Option<Timestamp> = None;
    for (n, line) in content.lines().enumerate() {
        // A name and an instant have no comma and no quote in them, so this reads all that is right.
        let quoted = line.starts_with('"');
        if quoted != (visit.edition == Some(Edition::V20)) {
            book.fault(13, &url, format_args!("line {}: CSAF 2.0 has quotes here, 2.1 has none", n + 1));
        }
        let mut fields = line.split(',').map(|field| field.trim_matches('"'));
        let (path, at) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let Ok(at) = at.parse::<Timestamp>() else {
            book.fault(13, &url, format_args!("line {}: a path and an instant are expected", n + 1));
            continue;
        };
        if before.is_some_and(|before| before < at) {
            book.fault(13, &url, format_args!("line {}: the newest comes first", n + 1));
        }
        before = Some(at);
        let first = listed.insert(path.to_owned());
        if let Some(document) = visit.documents.get(&format!("{directory}{path}")).filter(|_| first) {
            let released = text(&document.content, "/document/tracking/current_release_date").parse::<Timestamp>();
            if released.is_ok_and(|released| released != at) {
                book.fault(13, &url, format_args!("line {}: the document says another current_release_date", n + 1));
            }
        }
    }
    for missing in below.iter().filter(|path| !listed.contains(**path)) {
        book.fault(13, &url, format_args!("{missing} is not listed"));
    }
}

fn listing(visit: &Visit, directory: &str, below: &BTreeSet<&str>, outside: &mut Outside<'_>, book: &mut Book) {
    match get(directory, outside, book) {
        Ok(answer) => {
            book.looked(14);
            let page = String::from_utf8_lossy(&answer.body);
            let years: BTreeSet<&str> = below.iter().filter_map(|path| path.split('/').next()).collect();
            for year in years.into_iter().filter(|year| !page.contains(*year)) {
                book.fault(14, directory, format_args!("the listing does not show {year}"));
            }
        }
        Err(missing) if missing.refused => book.unjudged(14, PROTECTED),
        Err(missing) if visit.folder => book.unjudged(14, missing),
        Err(missing) => book.fault(14, directory, missing),
    }
}

fn content(number: u8, url: &str, outside: &mut Outside<'_>, book: &mut Book) -> Option<String> {
    match get(url, outside, book) {
        Ok(answer) => {
            book.looked(number);
            return Some(String::from_utf8_lossy(&answer.body).into_owned());
        }
        Err(missing) if missing.refused => book.unjudged(number, PROTECTED),
        Err(missing) => book.fault(number, url, missing),
    }
    None
}
