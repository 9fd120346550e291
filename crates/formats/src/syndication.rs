//! What a feed carries, whatever it is written as: [`crate::atom`] and [`crate::json_feed`] write the same
//! [`Feed`], so that a reader who changes from one to the other loses nothing.
//!
//! Texts are taken through [`crate::text`] by the writers. `content` is HTML and must be harmless already, as
//! [`crate::markdown::html`] makes it, with addresses of the whole web in its links.

use crate::label::Tlp;
use crate::text;
use jiff::Timestamp;

/// A list of publications, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Never changes: an `https:`, `tag:` or `urn:uuid:` address (RFC 4287, section 4.2.6).
    pub id: String,
    pub title: String,
    pub subtitle: Option<String>,
    /// The language of the titles (RFC 5646).
    pub language: String,
    /// When something in it last changed.
    pub updated: Timestamp,
    /// Where this very document lies.
    pub link: String,
    /// The page that shows the same list.
    pub alternate: String,
    pub author: Author,
    pub entries: Vec<Entry>,
}

/// Who publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub mail: Option<String>,
    /// A page about them.
    pub page: Option<String>,
}

/// A publication in the version that is current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Never changes, whatever becomes of the publication: `urn:uuid:…`, `tag:…` or `https:…`.
    pub id: String,
    pub title: String,
    pub published: Timestamp,
    /// When it last changed in a way that its readers should know.
    pub updated: Timestamp,
    /// Its page.
    pub link: String,
    /// Other forms of it: translations, the document for machines.
    pub alternates: Vec<Alternate>,
    pub categories: Vec<Category>,
    pub summary: Option<String>,
    /// Harmless HTML; none if the page has more to say than a feed should.
    pub content: Option<String>,
    pub language: String,
    pub rights: Option<String>,
    pub particulars: Particulars,
}

/// Another form of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    pub link: String,
    /// The language, if it has one (RFC 5646).
    pub language: Option<String>,
    /// The media type: `text/html`, `application/json`.
    pub media: String,
}

/// A word that a publication is filed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The list that the word is of, as an address.
    pub scheme: Option<String>,
    pub term: String,
    /// The word for people.
    pub label: Option<String>,
}

/// What a team's publication has and a feed has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particulars {
    /// `alert`, `advisory`, `guidance`, `event`
    pub kind: String,
    /// The publication's own number.
    pub number: String,
    pub version: String,
    pub label: Tlp,
    /// `critical`, `high`, … if it has one.
    pub severity: Option<String>,
}

/// The links of an entry that may be followed, the page itself first. RFC 4287, section 4.1.2 forbids two
/// alternates of the same media type and language: the second of a pair is told as `related`.
pub(crate) fn links(entry: &Entry) -> Vec<(&'static str, Alternate)> {
    let page = Alternate { link: entry.link.clone(), language: Some(entry.language.clone()), media: "text/html".to_owned() };
    let mut links: Vec<(&'static str, Alternate)> = Vec::new();
    for one in std::iter::once(&page).chain(&entry.alternates) {
        let Some(link) = text::web(&one.link) else { continue };
        let language = one.language.as_deref().map(text::language).filter(|tag| !tag.is_empty());
        let one = Alternate { link, language, media: media(&one.media) };
        let twice = links.iter().any(|(_, known)| (&known.language, &known.media) == (&one.language, &one.media));
        links.push((if twice { "related" } else { "alternate" }, one));
    }
    links
}

/// A media type (RFC 6838, section 4.2) reduced to its characters; without a slash it is `text/html`.
fn media(kind: &str) -> String {
    let kind: String = kind.chars().filter(|c| c.is_ascii_alphanumeric() || "/!#$&-^_.+".contains(*c)).take(127).collect();
    let (whole, part) = kind.split_once('/').unwrap_or_default();
    if whole.is_empty() || part.is_empty() { "text/html".to_owned() } else { kind }
}

/// A page that may be followed, or the address as it is: what must stand there and cannot be left out.
pub(crate) fn address(href: &str) -> String {
    text::web(href).unwrap_or_else(|| text::encoded(&text::one_line(href)))
}
