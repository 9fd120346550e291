//! A feed as Atom (RFC 4287), which every reader of feeds knows. Own writer: the library for it brings a model and
//! a calendar of its own, and leaves the characters that XML does not have to its caller.

use crate::syndication::{Author, Entry, Feed, address, links};
use crate::text::{language, one_line, web};
use crate::xml::Xml;
use jiff::Timestamp;

/// The media type to serve it as.
pub const MEDIA: &str = "application/atom+xml; charset=utf-8";

/// The document, in UTF-8. Titles are one line; HTML is carried escaped (section 3.1.1.2), so that no text ends an
/// element. A link that must not be followed is left out.
pub fn write(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new();
    let tag = language(&feed.language);
    xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &tag)]);
    xml.text("id", &[], &address(&feed.id));
    xml.text("title", &[("type", "text")], &one_line(&feed.title));
    if let Some(subtitle) = &feed.subtitle {
        xml.text("subtitle", &[("type", "text")], &one_line(subtitle));
    }
    xml.text("updated", &[], &instant(feed.updated));
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &address(&feed.link))]);
    if let Some(page) = web(&feed.alternate) {
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
    }
    author(&mut xml, &feed.author);
    for one in &feed.entries {
        entry(&mut xml, one);
    }
    xml.finish()
}

fn author(xml: &mut Xml, author: &Author) {
    xml.open("author", &[]);
    xml.text("name", &[], &one_line(&author.name));
    if let Some(page) = author.page.as_deref().and_then(web) {
        xml.text("uri", &[], &page);
    }
    // Its form is `.+@.+` (section 3.2.3).
    if let Some(mail) = author.mail.as_deref().map(one_line).filter(|mail| mail.trim_matches('@').contains('@')) {
        xml.text("email", &[], &mail);
    }
    xml.close();
}

fn entry(xml: &mut Xml, entry: &Entry) {
    let tag = language(&entry.language);
    xml.open("entry", &[("xml:lang", &tag)]);
    xml.text("id", &[], &address(&entry.id));
    xml.text("title", &[("type", "text")], &one_line(&entry.title));
    xml.text("published", &[], &instant(entry.published));
    xml.text("updated", &[], &instant(entry.updated));
    for (rel, one) in links(entry) {
        let mut attributes = vec![("rel", rel), ("type", one.media.as_str())];
        attributes.extend(one.language.as_deref().map(|tag| ("hreflang", tag)));
        attributes.push(("href", &one.link));
        xml.empty("link", &attributes);
    }
    for category in &entry.categories {
        let (scheme, label) = (category.scheme.as_deref().map(address), category.label.as_deref().map(one_line));
        let term = one_line(&category.term);
        let mut attributes = vec![("term", term.as_str())];
        attributes.extend(scheme.as_deref().map(|scheme| ("scheme", scheme)));
        attributes.extend(label.as_deref().map(|label| ("label", label)));
        xml.empty("category", &attributes);
    }
    if let Some(rights) = &entry.rights {
        xml.text("rights", &[("type", "text")], rights);
    }
    if let Some(summary) = &entry.summary {
        xml.text("summary", &[("type", "text")], summary);
    }
    if let Some(content) = &entry.content {
        xml.text("content", &[("type", "html")], content);
    }
    xml.close();
}

/// An instant as RFC 3339 writes it, in UTC.
pub(crate) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
