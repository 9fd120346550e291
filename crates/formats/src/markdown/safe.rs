//! The parser's events, made harmless once for every form of output: raw HTML is text, a picture is its
//! description, a link that must not be followed is its words, and nothing nests too deep.

use super::DEPTH;
use crate::text::{Link, is_left_out, readable};
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// What the subset understands.
pub(super) fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// The harmless events of a readable text ([`crate::text::readable`]). Links carry what [`Link`] made of them.
pub(super) fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    let mut state = State::default();
    parser(text).filter_map(move |event| state.one(event)).map(legible)
}

/// The text was made readable, but its character references (`&#x202e;`) are resolved only by the parser.
fn legible(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) if text.contains(is_left_out) => Event::Text(CowStr::from(readable(&text))),
        Event::Code(text) if text.contains(is_left_out) => Event::Code(CowStr::from(readable(&text))),
        other => other,
    }
}

#[derive(Default)]
struct State {
    /// Of each container that is open, whether it was let through.
    open: Vec<bool>,
    /// How many of them were.
    depth: usize,
    /// Pictures that are open: their description is text without form.
    pictures: usize,
}

impl State {
    fn one<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(Tag::Image { .. }) => {
                self.pictures += 1;
                None
            }
            Event::End(TagEnd::Image) => {
                self.pictures = self.pictures.saturating_sub(1);
                None
            }
            Event::Start(_) | Event::End(_) if self.pictures > 0 => None,
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(tag) if is_container(&tag.to_end()) => self.enter(tag),
            Event::End(tag) if is_container(&tag) => match (self.open.pop(), tag) {
                (Some(true), tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    Some(Event::End(tag))
                }
                // The words of one item must not run into the next one's.
                (_, TagEnd::Item) => Some(Event::HardBreak),
                _ => None,
            },
            Event::Code(text) if self.pictures > 0 => Some(Event::Text(text)),
            Event::SoftBreak | Event::HardBreak if self.pictures > 0 => Some(Event::Text(CowStr::Borrowed(" "))),
            other => Some(other),
        }
    }

    fn enter<'a>(&mut self, tag: Tag<'a>) -> Option<Event<'a>> {
        let deep = match tag {
            // An item goes with its list.
            Tag::Item => !self.open.last().copied().unwrap_or(false),
            _ => self.depth >= DEPTH,
        };
        let tag = match tag {
            _ if deep => None,
            Tag::Link { link_type, dest_url, title, id } => link(link_type, &dest_url).map(|link| {
                let dest_url = CowStr::from(link.as_str().to_owned());
                Tag::Link { link_type, dest_url, title, id }
            }),
            other => Some(other),
        };
        self.open.push(tag.is_some());
        self.depth += usize::from(tag.is_some());
        tag.map(Event::Start)
    }
}

/// Where a link leads; `<somebody@a.example>` comes without its scheme.
pub(super) fn link(kind: LinkType, dest: &str) -> Option<Link> {
    if kind == LinkType::Email { Link::new(&format!("mailto:{dest}")) } else { Link::new(dest) }
}

/// What can lie in itself, and so must be counted; a link, because it can be refused.
fn is_container(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
}
