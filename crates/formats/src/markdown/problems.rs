//! What a writer is told before a text goes out: which of its words will not be shown as he means them.

use super::{DEPTH, safe};
use crate::text::is_left_out;
use pulldown_cmark::{Event, Tag, TagEnd};
use std::fmt;

/// How many problems are told; whoever has more reads these first.
const TOLD: usize = 100;

/// How many characters of what is not shown are repeated.
const SHOWN: usize = 60;

/// A place of a text that will look otherwise than meant. `Display` gives a sentence with the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    pub what: What,
    /// What stands there, shortened.
    pub text: String,
}

/// What is not shown as it was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// HTML: shown as the text that it is.
    Html,
    /// A picture: its description is shown.
    Image,
    /// A link that must not be followed: its words are shown.
    Link,
    /// Characters that are left out ([`is_left_out`]).
    Characters,
    /// Quotations, lists or emphases deeper than [`DEPTH`]: shown without form.
    Depth,
}

/// What will not be shown as meant, in order of lines; a hundred at most.
pub fn problems(text: &str) -> Vec<Problem> {
    // Lines are counted in what the writer sees: characters are taken out after their lines are known.
    let mut told: Vec<Problem> = text.lines().enumerate().filter(|(_, line)| line.contains(is_left_out)).map(characters).take(TOLD).collect();
    let text: String = text.chars().filter(|c| !is_left_out(*c)).collect();
    let (mut counted, mut line, mut depth) = (0, 1, 0_usize);
    let mut known = Vec::new();
    for (event, span) in safe::parser(&text).into_offset_iter() {
        let what = match event {
            Event::Html(html) | Event::InlineHtml(html) => Some((What::Html, html.into_string())),
            Event::Start(Tag::Image { dest_url, .. }) => Some((What::Image, dest_url.into_string())),
            Event::Start(Tag::Link { link_type, dest_url, .. }) if safe::link(link_type, &dest_url).is_none() => Some((What::Link, dest_url.into_string())),
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Emphasis | Tag::Strong) => {
                depth += 1;
                (depth == DEPTH + 1).then(|| (What::Depth, String::new()))
            }
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Emphasis | TagEnd::Strong) => {
                depth = depth.saturating_sub(1);
                None
            }
            _ => None,
        };
        let Some((what, shown)) = what else { continue };
        // Events come in the order of their places, with few exceptions: those count on from where they are.
        if span.start >= counted {
            line += text.get(counted..span.start).map_or(0, |passed| passed.matches('\n').count());
            counted = span.start;
        }
        known.push(Problem { line, what, text: shortened(shown.trim()) });
        if known.len() >= TOLD {
            break;
        }
    }
    told.append(&mut known);
    told.sort_by_key(|problem| (problem.line, problem.what));
    // A block of HTML has an event for each line.
    told.dedup_by(|next, last| next.what == last.what && next.line == last.line && next.text == last.text);
    told.truncate(TOLD);
    told
}

fn characters((at, line): (usize, &str)) -> Problem {
    let codes: Vec<String> = line.chars().filter(|c| is_left_out(*c)).take(5).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    Problem { line: at + 1, what: What::Characters, text: codes.join(" ") }
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !is_left_out(*c)).map(|c| if c == '\n' { ' ' } else { c }).take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, text, .. } = self;
        match self.what {
            What::Html => write!(f, "Line {line}: HTML is shown as text: {text}"),
            What::Image => write!(f, "Line {line}: a picture is shown as its description: {text}"),
            What::Link => write!(f, "Line {line}: this leads to nothing that may be followed and is shown as text: {text}"),
            What::Characters => write!(f, "Line {line}: characters that cannot be seen are left out: {text}"),
            What::Depth => write!(f, "Line {line}: this lies deeper than {DEPTH} levels and is shown without form."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TOLD, What, problems};

    #[test]
    fn each_thing_that_is_not_shown_has_its_line() {
        let text =
            "a\n\n<div>\nb\n</div>\n\nx <b>y</b> ![p](https://a.example/p.png)\n[z](javascript:x)\r\nend\u{202e}\n[ok](https://a.example) <a@b.example>\n";
        let found: Vec<_> = problems(text).into_iter().map(|problem| (problem.line, problem.what, problem.text)).collect();
        let expect = [
            (3, What::Html, "<div>"),
            (4, What::Html, "b"),
            (5, What::Html, "</div>"),
            (7, What::Html, "<b>"),
            (7, What::Html, "</b>"),
            (7, What::Image, "https://a.example/p.png"),
            (8, What::Link, "javascript:x"),
            (9, What::Characters, "U+202E"),
        ];
        assert_eq!(found, expect.map(|(line, what, text)| (line, what, text.to_owned())));
        assert_eq!(problems("# Fine\n\n| a |\n|---|\n| `<b>` |\n"), []);
    }

    #[test]
    fn depth_and_number_have_an_end() {
        assert_eq!(problems(&"> ".repeat(20)).first().map(|problem| problem.what), Some(What::Depth));
        assert_eq!(problems(&"<b>\n\n".repeat(1000)).len(), TOLD);
    }
}
