//! Reads a file of content: a head in TOML between two lines `+++`, and the text in Markdown.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::content::{Content, Words};
use crate::key::Key;
use crate::kind::Kind;

/// The head of a file. An original says what holds in all languages; a translation its own words.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Head {
    title: String,
    summary: String,
    keys: Vec<Key>,
    audience: Vec<String>,
    review: Option<String>,
    original: String,
    order: i64,
}

/// A file that was read.
#[derive(Debug)]
pub struct Page {
    /// The language of its words.
    pub language: String,
    /// The words.
    pub words: Words,
    /// The language of the original, if the file names it.
    original: String,
    /// What holds in all languages, if this is the original.
    content: Content,
}

/// Reads one file. `language` is that of its name; the error is one line for whoever wrote the file.
pub fn read(kind: Kind, language: &str, text: &str) -> Result<Page, String> {
    let text = text.replace("\r\n", "\n");
    let rest = text.strip_prefix("+++\n").ok_or("the first line is not +++")?;
    let (head, body) = rest.split_once("\n+++\n").ok_or("no second line +++ ends the head")?;
    let head: Head = toml::from_str(head).map_err(|error| one_line(&error.to_string()))?;
    if head.title.trim().is_empty() {
        return Err("there is no title".into());
    }
    let words = Words { title: head.title.trim().to_owned(), summary: head.summary.trim().to_owned(), body: body.trim().to_owned(), ..Words::default() };
    let review = head.review.map(|day| day.parse::<Date>().map_err(|_| format!("“{day}” is no day like 2027-05-31"))).transpose()?;
    let content = Content {
        kind,
        original: language.to_owned(),
        label: formats::label::Tlp::Clear,
        keys: head.keys,
        audience: head.audience,
        review,
        order: head.order,
        ..Content::default()
    };
    Ok(Page { language: language.to_owned(), words, original: head.original, content })
}

/// Puts the pages of one thing together, in the languages that the team speaks. The original is in the language that a
/// page names, else in English, else in the team's first; what holds in all languages stands in it, and the others are
/// translations of what it says. `None` where the team speaks none of the languages.
pub fn gather(pages: Vec<Page>, languages: &[String]) -> Result<Option<Content>, String> {
    let named = pages.iter().map(|page| page.original.as_str()).find(|tag| !tag.is_empty()).unwrap_or("en").to_owned();
    let has = |tag: &str| pages.iter().any(|page| page.language == tag);
    let original = Some(named).filter(|tag| has(tag)).or_else(|| languages.iter().find(|tag| has(tag)).cloned()).ok_or("no file is the original")?;
    let mut content = Content::default();
    let mut words = BTreeMap::new();
    for page in pages {
        if page.language == original {
            content = page.content;
        }
        if words.insert(page.language.clone(), page.words).is_some() {
            return Err(format!("two files are in {}", page.language));
        }
    }
    words.retain(|tag, _| languages.contains(tag));
    if words.is_empty() {
        return Ok(None);
    }
    content.original =
        Some(original).filter(|tag| words.contains_key(tag)).or_else(|| languages.iter().find(|tag| words.contains_key(*tag)).cloned()).unwrap_or_default();
    content.words = words;
    let tags: Vec<String> = content.words.keys().filter(|tag| **tag != content.original).cloned().collect();
    for tag in tags {
        content.translated(&tag);
    }
    Ok(Some(content))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
