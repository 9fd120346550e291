//! The tour: from the metadata to every feed, folder and document, each fetched once.

use super::book::Book;
use super::{Answer, DOCUMENTS, Outside, Transport, edition, is_restricted, items, text};
use crate::json;
use crate::write::Edition;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Everything that was found.
pub(super) struct Visit {
    pub url: String,
    pub edition: Option<Edition>,
    pub metadata: Value,
    /// Whether the answers came from a folder.
    pub folder: bool,
    /// Directory URLs with `/` at the end, and the label that 2.1 gives them.
    pub directories: Vec<(String, String)>,
    /// Feeds that could be had.
    pub feeds: Vec<Feed>,
    /// Documents by URL.
    pub documents: BTreeMap<String, Document>,
}

pub(super) struct Feed {
    pub url: String,
    pub label: String,
    pub content: Value,
}

pub(super) struct Document {
    pub bytes: Vec<u8>,
    pub content: Value,
    /// Whether a feed or an index of CLEAR or without label names it.
    pub announced_clear: bool,
}

/// The tour from this metadata; nothing when there is none, which the book then says.
pub(super) fn visit(url: &str, outside: &mut Outside<'_>, book: &mut Book) -> Option<Visit> {
    let answer = get(url, outside, book).map_err(|words| book.fault(7, url, words)).ok()?;
    let metadata = json::parse(&answer.body).map_err(|broken| book.fault(7, url, broken)).ok()?;
    let mut visit = Visit {
        url: url.to_owned(),
        edition: edition(&metadata),
        folder: answer.over == Transport::Folder,
        metadata,
        directories: Vec::new(),
        feeds: Vec::new(),
        documents: BTreeMap::new(),
    };
    let mut named: Vec<(String, String)> = Vec::new();
    for distribution in items(&visit.metadata, "/distributions") {
        let directory = match text(distribution, "/directory_url") {
            "" => text(distribution, "/directory/url"),
            url => url,
        };
        if !directory.is_empty() {
            visit.directories.push((format!("{}/", directory.trim_end_matches('/')), text(distribution, "/directory/tlp_label").to_owned()));
        }
        for feed in items(distribution, "/rolie/feeds") {
            named.push((text(feed, "/url").to_owned(), text(feed, "/tlp_label").to_owned()));
        }
    }
    for (url, label) in named {
        if let Some(content) = feed(&url, &label, outside, book) {
            visit.feeds.push(Feed { url, label, content });
        }
    }
    documents(&mut visit, outside, book);
    Some(visit)
}

/// A feed. One of a restricted label has to be refused without credentials (requirement 5).
fn feed(url: &str, label: &str, outside: &mut Outside<'_>, book: &mut Book) -> Option<Value> {
    let answer = match get(url, outside, book) {
        Ok(answer) => answer,
        Err(missing) => {
            refused(15, url, label, &missing, book);
            return None;
        }
    };
    if is_restricted(label) {
        if answer.over == Transport::Folder {
            book.unjudged(5, "a folder shows no protection");
        } else {
            book.fault(5, url, format_args!("a feed of TLP:{label} is answered without credentials"));
        }
    }
    json::parse(&answer.body).map_err(|broken| book.fault(15, url, broken)).ok()
}

/// What could not be had. Above GREEN that is as it should be; GREEN may be kept from the public too,
/// and then can't be judged without credentials.
fn refused(number: u8, url: &str, label: &str, missing: &Missing, book: &mut Book) {
    match label {
        _ if is_restricted(label) && missing.refused => book.looked(5),
        "GREEN" if missing.refused => book.unjudged(number, "GREEN asks for credentials here"),
        _ => book.fault(number, url, missing),
    }
}

fn documents(visit: &mut Visit, outside: &mut Outside<'_>, book: &mut Book) {
    let mut urls: Vec<(String, String)> = Vec::new();
    for feed in &visit.feeds {
        for entry in items(&feed.content, "/feed/entry") {
            urls.push((text(entry, "/content/src").to_owned(), feed.label.clone()));
        }
    }
    for (directory, label) in &visit.directories {
        let index = format!("{directory}index.txt");
        if let Ok(answer) = get(&index, outside, book) {
            let lines = String::from_utf8_lossy(&answer.body);
            urls.extend(lines.lines().filter(|line| !line.trim().is_empty()).map(|line| (format!("{directory}{}", line.trim()), label.clone())));
        }
    }
    for (url, label) in urls.into_iter().filter(|(url, _)| !url.is_empty()).take(DOCUMENTS) {
        let clear = matches!(label.as_str(), "CLEAR" | "WHITE" | "UNLABELED");
        if let Some(known) = visit.documents.get_mut(&url) {
            known.announced_clear |= clear;
            continue;
        }
        match get(&url, outside, book) {
            Ok(answer) => {
                let content = json::parse(&answer.body).unwrap_or_default();
                visit.documents.insert(url, Document { bytes: answer.body, content, announced_clear: clear });
            }
            Err(missing) => refused(if clear { 4 } else { 1 }, &url, &label, &missing, book),
        }
    }
}

/// Why something could not be had.
#[derive(Debug)]
pub(super) struct Missing {
    /// Whether credentials would help (401 or 403).
    pub refused: bool,
    words: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// What stands at a URL. Every request adds to what is known of TLS and redirects.
pub(super) fn get(url: &str, outside: &mut Outside<'_>, book: &mut Book) -> Result<Answer, Missing> {
    if !url.starts_with("https://") {
        book.fault(3, url, "the link is not https");
        return Err(Missing { refused: false, words: "the link is not https".to_owned() });
    }
    let answer = (outside.fetch)(url).map_err(|words| Missing { refused: false, words })?;
    match answer.over {
        Transport::Tls => {
            book.looked(3);
            book.looked(6);
        }
        Transport::Plain => book.fault(3, url, "the answer came without TLS"),
        Transport::Folder => {
            book.unjudged(3, "a folder has no TLS");
            book.unjudged(6, "a folder has no redirects");
        }
    }
    if answer.redirects > 0 {
        book.fault(6, url, format_args!("{} redirects", answer.redirects));
    }
    match answer.status {
        200 => Ok(answer),
        status => Err(Missing { refused: matches!(status, 401 | 403), words: format!("the answer is {status}") }),
    }
}
