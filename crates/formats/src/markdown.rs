//! What people write for publication, in CommonMark, as a page, as a mail and as one line of a list.
//!
//! The writer of a text is trusted to warn, not to write HTML: tags are shown as the text that they are, pictures
//! as their description, and a link leads to the web, to a mailbox or to a page of the own site or is no link
//! ([`crate::text::Link`]). [`problems`] tells the writer which of his words will look otherwise than he means.
//!
//! CommonMark 0.31 without raw HTML and images, and tables as GitHub writes them. However deep a text nests, what
//! comes out nests [`DEPTH`] deep at most, because readers of feeds give up earlier than writers do.

mod html;
mod plain;
mod problems;
mod safe;
mod summary;

pub use html::html;
pub use plain::plain;
pub use problems::{Problem, What, problems};
pub use summary::summary;

/// How many quotations, lists and emphases may lie in each other.
pub const DEPTH: usize = 12;

/// How a text stands in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'a> {
    /// The level that `##` becomes, 1 to 6; the deeper ones follow, `#` becomes the same.
    pub heading: u8,
    /// What the ids of headings begin with, so that none is taken for one of the page's own.
    pub anchor: &'a str,
    /// The own site, `https://csirt.example`: what leads there is no foreign link. Where the text leaves the
    /// site (feeds), site paths begin with it.
    pub site: &'a str,
    /// Whether site paths are written with the site's address.
    pub absolute: bool,
}

impl Default for Options<'_> {
    /// In a page: `##` is a heading of the second level, ids begin with `s-`.
    fn default() -> Self {
        Self { heading: 2, anchor: "s-", site: "", absolute: false }
    }
}
