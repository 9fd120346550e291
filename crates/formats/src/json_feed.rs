//! A feed as JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), for programs that read no XML. What a
//! publication has beyond the format stands in the extension `_csirt`.

use crate::atom::instant;
use crate::syndication::{Entry, Feed, address, links};
use crate::text::{language, one_line, readable, web};
use serde::Serialize;

/// The media type to serve it as.
pub const MEDIA: &str = "application/feed+json; charset=utf-8";

#[derive(Serialize)]
struct Document {
    version: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<String>,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    language: String,
    authors: Vec<Writer>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Writer {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(flatten)]
    content: Content,
    date_published: String,
    date_modified: String,
    language: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
    #[serde(rename = "_csirt")]
    csirt: Csirt,
}

/// An item has one of the two at least.
#[derive(Serialize)]
enum Content {
    #[serde(rename = "content_html")]
    Html(String),
    #[serde(rename = "content_text")]
    Text(String),
}

#[derive(Serialize)]
struct Attachment {
    url: String,
    mime_type: String,
}

#[derive(Serialize)]
struct Csirt {
    kind: String,
    number: String,
    version: String,
    /// With its scheme: `TLP:CLEAR`.
    label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    translations: Vec<Translation>,
}

#[derive(Serialize)]
struct Translation {
    language: String,
    url: String,
}

/// The document, in UTF-8. Pages in other languages are `_csirt.translations`, all other forms attachments. A
/// link that must not be followed is left out. No `<` stands in it, so that it does no harm in a page either.
pub fn write(feed: &Feed) -> Vec<u8> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: one_line(&feed.title),
        home_page_url: web(&feed.alternate),
        feed_url: address(&feed.link),
        description: feed.subtitle.as_deref().map(one_line),
        language: language(&feed.language),
        authors: vec![Writer { name: one_line(&feed.author.name), url: feed.author.page.as_deref().and_then(web) }],
        items: feed.entries.iter().map(item).collect(),
    };
    // Texts and lists of texts always have a form in JSON.
    let json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.replace('<', "\\u003c").into_bytes()
}

fn item(entry: &Entry) -> Item {
    let mut attachments = Vec::new();
    let mut translations = Vec::new();
    let page = web(&entry.link);
    for (_, one) in links(entry).into_iter().filter(|(_, one)| page.as_ref() != Some(&one.link)) {
        match one.language {
            Some(language) if one.media == "text/html" => translations.push(Translation { language, url: one.link }),
            _ => attachments.push(Attachment { url: one.link, mime_type: one.media }),
        }
    }
    let summary = entry.summary.as_deref().map(readable);
    let content = match &entry.content {
        Some(html) => Content::Html(readable(html)),
        None => Content::Text(summary.clone().unwrap_or_default()),
    };
    let particulars = &entry.particulars;
    Item {
        id: address(&entry.id),
        url: page,
        title: one_line(&entry.title),
        summary,
        content,
        date_published: instant(entry.published),
        date_modified: instant(entry.updated),
        language: language(&entry.language),
        tags: entry.categories.iter().map(|category| one_line(category.label.as_ref().unwrap_or(&category.term))).collect(),
        attachments,
        csirt: Csirt {
            kind: one_line(&particulars.kind),
            number: one_line(&particulars.number),
            version: one_line(&particulars.version),
            label: particulars.label.marking(),
            severity: particulars.severity.as_deref().map(one_line),
            rights: entry.rights.as_deref().map(readable),
            translations,
        },
    }
}
