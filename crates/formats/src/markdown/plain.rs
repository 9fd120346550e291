//! A text as a mail shows it: lines of 72 columns, links with their addresses, quotations and lists with their
//! marks, and no line that a mail program, an archive or OpenPGP takes for one of its own.

use super::safe;
use crate::text::readable;
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

/// How wide a line is, in columns; a longer word (an address on the web) has its line alone.
const WIDTH: usize = 72;

/// The narrowest that depth makes a line.
const NARROW: usize = 24;

/// The text for `text/plain`: lines end with a line feed, none ends with a space, links read `words <address>`
/// and site paths begin with `site`, tables are aligned where they fit and lists of `head: cell` where not. Code
/// is indented and keeps its lines. Where a line would begin like a quotation (`>`), the separator of a mailbox
/// (`From `), of a signature (`-- `) or of an armour (`-----BEGIN`), a space goes before it (RFC 3676, section 4.4).
pub fn plain(text: &str, site: &str) -> String {
    let text = readable(text);
    let mut mail = Mail { site: site.trim_end_matches('/'), ..Mail::default() };
    for event in safe::events(&text) {
        mail.one(event);
    }
    mail.flush();
    mail.out
}

#[derive(Default)]
struct Mail<'a> {
    site: &'a str,
    out: String,
    /// Words that have no line yet.
    words: String,
    /// Whether an empty line goes before the next one.
    gap: bool,
    marks: Vec<Mark>,
    /// The number of the next item of each open list, if it has numbers.
    lists: Vec<Option<u64>>,
    /// Where the open links' words begin, and their addresses.
    links: Vec<(usize, String)>,
    code: bool,
    rows: Vec<Vec<String>>,
}

/// What stands before the lines of a quotation or an item.
struct Mark {
    first: String,
    rest: String,
    used: bool,
}

impl Mail<'_> {
    fn one(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => self.words.push_str(&text),
            Event::Code(text) => self.words.push_str(&format!("`{text}`")),
            Event::SoftBreak => self.words.push(' '),
            Event::HardBreak => self.words.push('\n'),
            Event::Rule => {
                self.flush();
                self.gap = true;
                self.line("* * *");
                self.gap = true;
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Link { dest_url, .. } => self.links.push((self.words.len(), dest_url.into_string())),
            Tag::Emphasis | Tag::Strong | Tag::TableCell | Tag::TableHead => {}
            Tag::TableRow => self.rows.push(Vec::new()),
            block => {
                self.flush();
                self.begin(block);
            }
        }
    }

    fn begin(&mut self, block: Tag<'_>) {
        match block {
            Tag::BlockQuote(_) => self.marks.push(Mark { first: "> ".into(), rest: "> ".into(), used: false }),
            Tag::List(first) => self.lists.push(first),
            Tag::Item => {
                let first = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number = number.saturating_add(1);
                        mark
                    }
                    _ => "- ".to_owned(),
                };
                self.marks.push(Mark { rest: " ".repeat(first.len()), first, used: false });
            }
            Tag::CodeBlock(_) => self.code = true,
            Tag::Table(_) => self.rows.push(Vec::new()),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => self.address(),
            TagEnd::Paragraph => {
                self.flush();
                self.gap = true;
            }
            TagEnd::Heading(level) => self.headline(level),
            TagEnd::CodeBlock => self.verbatim(),
            TagEnd::Item => {
                self.flush();
                // An empty item is an item.
                if self.marks.last().is_some_and(|mark| !mark.used) {
                    self.line("");
                }
                self.marks.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.marks.pop();
                self.gap = true;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.gap |= self.lists.is_empty();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.words).split_whitespace().collect::<Vec<_>>().join(" ");
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.table(),
            _ => {}
        }
    }

    /// The address after a link's words, unless they are the address.
    fn address(&mut self) {
        let Some((from, href)) = self.links.pop() else { return };
        let shown = href.strip_prefix("mailto:").unwrap_or(&href);
        let site = if shown.starts_with('/') { self.site } else { "" };
        let words = self.words.get(from..).unwrap_or_default().trim();
        if words == shown || words == href || words.is_empty() {
            self.words.truncate(from);
        } else {
            self.words.push(' ');
        }
        self.words.push_str(&format!("<{site}{shown}>"));
    }

    fn headline(&mut self, level: HeadingLevel) {
        let width = self.words.width().clamp(3, self.room());
        self.flush();
        let under = if level <= HeadingLevel::H2 { "=" } else { "~" };
        self.line(&under.repeat(width));
        self.gap = true;
    }

    fn verbatim(&mut self) {
        self.code = false;
        self.gap |= !self.out.is_empty();
        let code = std::mem::take(&mut self.words);
        for line in code.trim_end_matches('\n').split('\n') {
            self.line(&format!("    {line}"));
        }
        self.gap = true;
    }

    /// Writes the words that have no line yet, in lines as wide as there is room.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        if words.trim().is_empty() {
            return;
        }
        for paragraph in words.split('\n') {
            self.wrap(paragraph, "");
        }
    }

    fn room(&self) -> usize {
        let marks: usize = self.marks.iter().map(|mark| mark.rest.len()).sum();
        WIDTH.saturating_sub(marks).max(NARROW)
    }

    fn wrap(&mut self, text: &str, hang: &str) {
        let room = self.room();
        let mut line = String::new();
        for word in text.split_whitespace() {
            // A mark of quotation inside of a sentence stays inside of its line.
            if !line.is_empty() && !word.starts_with('>') && line.width() + 1 + word.width() > room {
                self.line(&line);
                line.clear();
                line.push_str(hang);
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.line(&line);
        }
    }

    fn line(&mut self, text: &str) {
        if self.gap && !self.out.is_empty() {
            let mark: String = self.marks.iter().filter(|mark| mark.used).map(|mark| mark.rest.as_str()).collect();
            self.out.push_str(mark.trim_end());
            self.out.push('\n');
        }
        self.gap = false;
        let start = self.out.len();
        for mark in &mut self.marks {
            self.out.push_str(if mark.used { &mark.rest } else { &mark.first });
            mark.used = true;
        }
        let foreign = text.starts_with(['>', ' ']) && !text.starts_with("  ") || text.starts_with("From ") || text.starts_with("--");
        if foreign {
            self.out.push(' ');
        }
        self.out.push_str(text);
        let end = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(end.max(start));
        self.out.push('\n');
    }

    fn table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let Some((head, body)) = rows.split_first() else { return };
        let columns = head.len();
        let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(widest).collect();
        let total = widths.iter().sum::<usize>() + 3 * columns.saturating_sub(1);
        self.gap |= !self.out.is_empty();
        if total <= self.room() {
            self.line(&aligned(head, &widths));
            self.line(&"=".repeat(total.max(3)));
            for row in body {
                self.line(&aligned(row, &widths));
            }
        } else {
            for row in body {
                for (name, cell) in head.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                    self.wrap(&format!("{name}: {cell}"), "  ");
                }
                self.gap = true;
            }
        }
        self.gap = true;
    }
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))));
    cells.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, plain};
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(plain(text, "https://csirt.example"), expect, "{text:?}");
    }

    #[test]
    fn a_mail_is_readable() {
        check("## What to do\n\nUpdate *now*.\nThen `reboot`.", "What to do\n==========\n\nUpdate now. Then `reboot`.\n");
        check("a\n\n- b\n- c\n  1. d\n  2. e\n\nf", "a\n\n- b\n- c\n  1. d\n  2. e\n\nf\n");
        check("- a\n\n  b\n- c", "- a\n\n  b\n\n- c\n");
        check("x\n\n> a\n>\n> b\n> > d\n\nc", "x\n\n> a\n>\n> b\n>\n> > d\n\nc\n");
        check("a:\n\n```\nx  y\n\n  z\n```\nb", "a:\n\n    x  y\n\n      z\n\nb\n");
        check("a\n\n---\nb", "a\n\n* * *\n\nb\n");
        check("a  \nb\n-\n\nc", "a\nb\n=\n\nc\n".replace("=\n", "===\n").as_str());
    }

    #[test]
    fn links_show_where_they_lead() {
        check("[the maker](https://a.example/x) and [us](/about)", "the maker <https://a.example/x> and us <https://csirt.example/about>\n");
        check("<https://a.example/> <csirt@a.example> [csirt@a.example](mailto:csirt@a.example)", "<https://a.example/> <csirt@a.example> <csirt@a.example>\n");
        check("[a](javascript:x) ![b](https://a.example/b.png) <i>c</i>", "a b <i>c</i>\n");
    }

    #[test]
    fn tables_are_aligned_or_told() {
        check("|Product|Fixed|\n|-|-|\n|Router A|1.2|\n|B||\n", "Product  | Fixed\n================\nRouter A | 1.2\nB        |\n");
        let long = "word ".repeat(15);
        check(
            &format!("|Product|Note|\n|-|-|\n|A|{long}|\n|B|x|\n"),
            &format!("Product: A\nNote: {}\n  word word\n\nProduct: B\nNote: x\n", "word ".repeat(13).trim_end()),
        );
    }

    #[test]
    fn no_line_is_taken_for_the_mails_own() {
        check("\\> quoted?\n\nFrom me\n\n\\-- \n\n\\-----BEGIN PGP SIGNATURE-----", " > quoted?\n\n From me\n\n --\n\n -----BEGIN PGP SIGNATURE-----\n");
        let text = format!("{} > b", "a".repeat(71));
        check(&text, &format!("{} >\nb\n", "a".repeat(71)));
        check(".\n\na\r\nBcc: x@a.example\u{202e}\0", ".\n\na Bcc: x@a.example\n");
    }

    fn escaped(text: &str) -> String {
        text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_too_long(text in "([a-zé>.`<#*_-]{1,20} ){1,60}") {
            let mail = plain(&escaped(&text), "");
            prop_assert!(mail.split_whitespace().eq(text.split_whitespace()), "{}", mail);
            for line in mail.lines() {
                prop_assert!(line.width() <= WIDTH + 1 || line.contains(" >"), "{}", line);
                prop_assert!(!line.starts_with('>') && !line.starts_with("--") && !line.ends_with(' '), "{}", line);
            }
        }
    }
}
