//! A text as part of a page: HTML that is XML as well, with a handful of elements and no attribute that its
//! writer chose but the address of a link.

use super::{Options, safe};
use crate::text::{encoded, readable};
use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use std::collections::HashMap;

/// How many characters of a heading its id has.
const ID: usize = 60;

/// The text as HTML: a fragment that is well-formed XML too, of `p`, `h1` to `h6`, `ul`, `ol`, `li`, `blockquote`,
/// `pre`, `code`, `em`, `strong`, `a`, `br`, `hr` and tables. Headings have ids made of their words, the same on
/// every run; a link to elsewhere tells it nothing about this page (`rel`). What a keyboard must reach in order
/// to scroll it (code, tables) can be focused.
pub fn html(text: &str, options: &Options) -> String {
    let text = readable(text);
    let mut page = Page { options, out: String::with_capacity(text.len() * 2), ids: HashMap::new(), heading: None, head: false };
    for event in safe::events(&text) {
        page.one(event);
    }
    page.out
}

struct Page<'a> {
    options: &'a Options<'a>,
    out: String,
    /// How often an id was given.
    ids: HashMap<String, usize>,
    /// Where the open heading's words begin, and the words.
    heading: Option<(usize, String)>,
    /// Whether cells are those of a table's head.
    head: bool,
}

impl Page<'_> {
    fn one(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => self.words(&text),
            Event::Code(text) => {
                self.out.push_str("<code>");
                self.words(&text);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br />\n"),
            Event::Rule => self.out.push_str("<hr />\n"),
            // Nothing else is asked of the parser.
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        escape(text, &mut self.out);
        if let Some((_, words)) = &mut self.heading {
            words.push_str(text);
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { .. } => self.heading = Some((self.out.len(), String::new())),
            Tag::BlockQuote(_) => self.out.push_str("<blockquote>\n"),
            Tag::CodeBlock(kind) => self.code(&kind),
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol>\n"),
            Tag::List(Some(first)) => self.out.push_str(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.out.push_str("<li>"),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            Tag::Table(_) => self.out.push_str("<div class=\"tablewrap\" tabindex=\"0\"><table>\n"),
            Tag::TableHead => {
                self.head = true;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => self.out.push_str("<tr>"),
            Tag::TableCell => self.out.push_str(if self.head { "<th scope=\"col\">" } else { "<td>" }),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::Heading(level) => self.headline(level as u8),
            TagEnd::BlockQuote(_) => self.out.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => self.out.push_str("</code></pre>\n"),
            TagEnd::List(ordered) => self.out.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Link => self.out.push_str("</a>"),
            TagEnd::Table => self.out.push_str("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.head = false;
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.out.push_str(if self.head { "</th>" } else { "</td>" }),
            _ => {}
        }
    }

    /// A block of code; the language that its fence names becomes a class, as CommonMark recommends.
    fn code(&mut self, kind: &CodeBlockKind<'_>) {
        let word = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let named = !word.is_empty() && word.len() <= 20 && word.chars().all(|c| c.is_ascii_alphanumeric() || "+-#._".contains(c));
        let class = if named { format!(" class=\"language-{word}\"") } else { String::new() };
        self.out.push_str(&format!("<pre tabindex=\"0\"><code{class}>"));
    }

    fn link(&mut self, href: &str) {
        let site = self.options.site.trim_end_matches('/');
        let ours =
            href.starts_with('/') || (!site.is_empty() && href.strip_prefix(site).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#'])));
        self.out.push_str("<a href=\"");
        if href.starts_with('/') && self.options.absolute {
            escape(&encoded(site), &mut self.out);
        }
        escape(href, &mut self.out);
        self.out.push_str(if ours || href.starts_with("mailto:") { "\">" } else { "\" rel=\"noopener noreferrer\">" });
    }

    /// Ends a heading: only now its words, and so its id, are known.
    fn headline(&mut self, level: u8) {
        let Some((from, words)) = self.heading.take() else { return };
        let inner = self.out.split_off(from.min(self.out.len()));
        let level = (self.options.heading.max(1) + level.max(2) - 2).min(6);
        let id = self.id(&words);
        self.out.push_str(&format!("<h{level} id=\"{id}\">{inner}</h{level}>\n"));
    }

    /// An id for these words that no other heading has.
    fn id(&mut self, words: &str) -> String {
        let mut slug = String::new();
        for word in words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.extend(word.chars().flat_map(char::to_lowercase));
        }
        let slug: String = slug.chars().take(ID).collect();
        let slug = if slug.is_empty() { "part" } else { slug.trim_end_matches('-') }.to_owned();
        let mut id = slug.clone();
        loop {
            let given = self.ids.entry(id.clone()).or_insert(0);
            *given += 1;
            if *given == 1 {
                break;
            }
            // The count stays with the first, so that a thousand equal headings cost a thousand steps.
            let count = self.ids.entry(slug.clone()).and_modify(|count| *count += usize::from(id != slug)).or_insert(1);
            id = format!("{slug}-{count}");
        }
        let mut anchor = String::new();
        escape(self.options.anchor, &mut anchor);
        anchor + &id
    }
}

/// Text between tags and within quotation marks.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, html};

    fn check(text: &str, expect: &str) {
        assert_eq!(html(text, &Options { site: "https://csirt.example", ..Options::default() }), expect, "{text:?}");
    }

    #[test]
    fn what_a_publication_needs_is_there() {
        check("One *two* **three**\nfour `<x>`  \nfive", "<p>One <em>two</em> <strong>three</strong>\nfour <code>&lt;x&gt;</code><br />\nfive</p>\n");
        check("- a\n- b\n  - c\n", "<ul>\n<li>a</li>\n<li>b<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n");
        check("3. a\n4. b\n", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
        check("> a\n\n---\n", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr />\n");
        check("```sh\na < b && c\n```\n", "<pre tabindex=\"0\"><code class=\"language-sh\">a &lt; b &amp;&amp; c\n</code></pre>\n");
        check(
            "|Product|Fixed|\n|---|--:|\n|A|1.2|\n",
            "<div class=\"tablewrap\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Product</th><th scope=\"col\">Fixed</th></tr></thead>\n<tbody>\n<tr><td>A</td><td>1.2</td></tr>\n</tbody></table></div>\n",
        );
    }

    #[test]
    fn headings_begin_at_the_given_level_and_have_ids_of_their_own() {
        check(
            "# A\n## A\n### What *to* do?\n## A 2\n## A\n## !!\n",
            "<h2 id=\"s-a\">A</h2>\n<h2 id=\"s-a-2\">A</h2>\n<h3 id=\"s-what-to-do\">What <em>to</em> do?</h3>\n<h2 id=\"s-a-2-2\">A 2</h2>\n<h2 id=\"s-a-3\">A</h2>\n<h2 id=\"s-part\">!!</h2>\n",
        );
        assert_eq!(html("## É b\n###### c", &Options { heading: 4, anchor: "x", ..Options::default() }), "<h4 id=\"xé-b\">É b</h4>\n<h6 id=\"xc\">c</h6>\n");
    }

    #[test]
    fn links_lead_to_the_web_a_mailbox_or_the_own_site() {
        check("[a](https://b.example/?x=1&y=\"2)", "<p><a href=\"https://b.example/?x=1&amp;y=%222\" rel=\"noopener noreferrer\">a</a></p>\n");
        check("[a](/guidance) [b](https://csirt.example/x)", "<p><a href=\"/guidance\">a</a> <a href=\"https://csirt.example/x\">b</a></p>\n");
        check("[a](https://csirt.example.evil.example/)", "<p><a href=\"https://csirt.example.evil.example/\" rel=\"noopener noreferrer\">a</a></p>\n");
        check("<csirt@a.example>", "<p><a href=\"mailto:csirt@a.example\">csirt@a.example</a></p>\n");
        let feed = Options { site: "https://csirt.example/", absolute: true, ..Options::default() };
        assert_eq!(html("[a](/x)", &feed), "<p><a href=\"https://csirt.example/x\">a</a></p>\n");
    }

    #[test]
    fn what_is_not_meant_for_a_page_is_its_own_text() {
        check("<script>alert(1)</script>\n\nx", "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n<p>x</p>\n");
        check("a <b onclick=\"x\">b</b> <!-- c -->", "<p>a &lt;b onclick=&quot;x&quot;&gt;b&lt;/b&gt; &lt;!-- c --&gt;</p>\n");
        check("[a](javascript:alert(1)) [b](//evil.example) [c](&#106;avascript:x)", "<p>a b c</p>\n");
        check("![a *b* `c`](https://a.example/x.png)", "<p>a b c</p>\n");
        check("[![x](/b)](/c) [![[x](/a)](/b)](/c)", "<p><a href=\"/c\">x</a> [x](/c)</p>\n");
        check("```\"><b>\nx\n```\n", "<pre tabindex=\"0\"><code>x\n</code></pre>\n");
        check("invoice\u{202e}fdp.exe \u{0}&#0;&#x202e;", "<p>invoicefdp.exe \u{fffd}</p>\n");
        check("]]> </script>", "<p>]]&gt; &lt;/script&gt;</p>\n");
    }
}
