//! HTML of strangers, made harmless. Nothing that loads, links, runs or styles
//! survives: an image would tell the sender who reads, a link would be clicked.
//! A link becomes its label and, in brackets, where it would have led.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use ammonia::{Builder, UrlRelative};
use mail_parser::decoders::html::html_to_text;

use super::weight::too_heavy;

const TAGS: [&str; 43] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
];

/// Elements after which the text goes on in a new line.
const BLOCKS: [&str; 22] = [
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tr",
];

/// HTML that loads nothing, links to nothing and runs nothing. Of a page that
/// is too heavy only the text is left.
pub fn harmless(html: &str) -> String {
    if too_heavy(html) {
        return format!("<pre>{}</pre>", escaped(&html_to_text(html)));
    }
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style", "title", "template", "iframe", "noscript", "svg", "math"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "ftp", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true);
    unlinked(&builder.clean(html).to_string())
}

/// Turns `<a href="URL">label</a>` into `label (URL)`. The input is what the
/// sanitiser wrote, so every tag is closed and every quote is escaped.
fn unlinked(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len());
    let mut open: Vec<(String, usize)> = Vec::new();
    for piece in pieces(clean) {
        match piece {
            Piece::Tag(tag) if tag.starts_with("<a>") || tag.starts_with("<a ") => {
                let url = tag.split_once("href=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(url, _)| url);
                open.push((url.to_owned(), out.len()));
            }
            Piece::Tag("</a>") => {
                if let Some((url, from)) = open.pop() {
                    let label = out.get(from..).unwrap_or("").trim();
                    if !url.is_empty() && label != url && label != url.trim_start_matches("mailto:") {
                        let _ = write!(out, " ({url})");
                    }
                }
            }
            Piece::Tag(other) | Piece::Text(other) => out.push_str(other),
        }
    }
    out
}

/// The readable text of HTML from [`harmless`].
pub fn text_of(harmless: &str) -> String {
    let mut out = String::with_capacity(harmless.len());
    let mut verbatim = false;
    for piece in pieces(harmless) {
        match piece {
            Piece::Tag(tag) => {
                let name = tag.trim_start_matches(['<', '/']).split(['>', ' ', '/']).next().unwrap_or("");
                match name {
                    "pre" => verbatim = !tag.starts_with("</"),
                    "li" if !tag.starts_with("</") => {
                        new_line(&mut out);
                        out.push_str("- ");
                        continue;
                    }
                    "td" | "th" if tag.starts_with("</") => out.push('\t'),
                    _ => {}
                }
                if name == "br" {
                    out.push('\n');
                } else if BLOCKS.contains(&name) {
                    new_line(&mut out);
                    if name == "p" && tag.starts_with("</") {
                        out.push('\n');
                    }
                }
            }
            Piece::Text(text) if verbatim => out.push_str(&unescaped(text)),
            Piece::Text(text) => flow(&mut out, &unescaped(text)),
        }
    }
    tidy(&out)
}

/// Appends running text: white space of any length is one space.
fn flow(out: &mut String, text: &str) {
    if text.starts_with(|c: char| c.is_ascii_whitespace()) && !out.ends_with([' ', '\n', '\t']) {
        out.push(' ');
    }
    let mut words = text.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        out.push_str(word);
        if words.peek().is_some() || text.ends_with(|c: char| c.is_ascii_whitespace()) {
            out.push(' ');
        }
    }
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// No trailing spaces, no more than one empty line in a row.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 && !(line.is_empty() && out.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

enum Piece<'a> {
    Tag(&'a str),
    Text(&'a str),
}

/// Cuts serialised HTML into tags and text. In it, `<` outside a tag is always
/// written `&lt;`, and `>` inside an attribute may stand, so quotes are minded.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if rest.starts_with('<') { tag_end(rest) } else { rest.find('<').unwrap_or(rest.len()) };
        let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = after;
        Some(if piece.starts_with('<') { Piece::Tag(piece) } else { Piece::Text(piece) })
    })
}

fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

/// The five escapes that the serialiser writes.
fn unescaped(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Plain text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, harmless_html: &str, text: &str) {
        let clean = harmless(html);
        assert_eq!(clean, harmless_html);
        assert_eq!(text_of(&clean), text);
    }

    #[test]
    fn links_become_text_that_tells_where_they_lead() {
        check(
            "<p>See <a href='https://evil.example/?a=1&b=\"2\"' onclick=x() title=y>your bank</a>!</p>",
            "<p>See your bank (https://evil.example/?a=1&amp;b=&quot;2&quot;)!</p>",
            "See your bank (https://evil.example/?a=1&b=\"2\")!",
        );
        check("<a href=\"javascript:alert(1)\">x</a>", "x", "x");
        check("<a href=\"https://a.example\">https://a.example</a>", "https://a.example", "https://a.example");
    }

    #[test]
    fn nothing_loads_or_runs() {
        check(
            "<style>p{}</style><img src=https://t.example/p.gif><p style='background:url(https://t.example)'>a</p>\
             <script>alert(1)</script><form action=https://t.example><input name=a></form><video poster=x></video>",
            "<p>a</p>",
            "a",
        );
    }

    #[test]
    fn text_keeps_the_lines_of_lists_tables_and_code() {
        let html = "<ul><li>one <b>two</b> three<li>four</ul><table><tr><td>a</td><td>b</td></tr></table><pre>x\n  y &lt;z&gt;</pre>";
        assert_eq!(text_of(&harmless(html)), "- one two three\n- four\na\tb\nx\n  y <z>");
    }
}
