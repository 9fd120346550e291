//! The first sentences of a text, for a list or a feed: words alone, without form.

use super::safe;
use crate::text::readable;
use pulldown_cmark::{Event, Tag, TagEnd};

/// The words of the text's first paragraphs in one line, at most `limit` characters with the `…` that says that
/// more follows. Headings, code and tables are passed over; a list's items are paragraphs.
pub fn summary(text: &str, limit: usize) -> String {
    let text = readable(text);
    let mut words = String::new();
    let mut passed_over = 0_usize;
    for event in safe::events(&text) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Table(_)) => passed_over += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table) => passed_over = passed_over.saturating_sub(1),
            Event::Text(text) | Event::Code(text) if passed_over == 0 => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) | Event::Start(Tag::Paragraph | Tag::Item) => words.push(' '),
            _ => {}
        }
        // Some more than needed, because spaces will be fewer.
        if words.len() > limit.saturating_mul(8).saturating_add(1000) {
            break;
        }
    }
    shortened(&words.split_whitespace().collect::<Vec<_>>().join(" "), limit)
}

/// At most `limit` characters, cut after a word if there is one.
fn shortened(words: &str, limit: usize) -> String {
    let Some((end, _)) = words.char_indices().nth(limit) else { return words.to_owned() };
    if limit == 0 {
        return String::new();
    }
    let last = words.char_indices().nth(limit - 1).map_or(end, |(at, _)| at);
    let head = words.get(..last).unwrap_or_default();
    // The word is whole if a space follows it.
    let whole = words.get(last..).is_some_and(|rest| rest.starts_with(' '));
    let kept = if whole { head } else { head.rfind(' ').and_then(|at| head.get(..at)).unwrap_or(head) };
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::summary;
    use proptest::prelude::*;

    #[test]
    fn a_summary_ends_after_a_word() {
        let text = "## Heading\n\nA *flaw* in [this](https://a.example) is used.\n\n```\ncode\n```\n- Update\n- Reboot";
        for (limit, expect) in [
            (100, "A flaw in this is used. Update Reboot"),
            (37, "A flaw in this is used. Update Reboot"),
            (36, "A flaw in this is used. Update…"),
            (31, "A flaw in this is used. Update…"),
            (30, "A flaw in this is used.…"),
            (4, "A…"),
            (1, "…"),
            (0, ""),
        ] {
            assert_eq!(summary(text, limit), expect, "{limit}");
        }
        assert_eq!(summary(&"x".repeat(50), 10), "xxxxxxxxx…");
        assert_eq!(summary("<b>a</b>\u{202e}\r\nb", 20), "<b>a</b> b");
    }

    proptest! {
        #[test]
        fn a_summary_is_no_longer_than_asked(text in any::<String>(), limit in 0..80_usize) {
            prop_assert!(summary(&text, limit).chars().count() <= limit);
        }
    }
}
